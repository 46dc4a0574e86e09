"""Which differences part our BM25 from published figures: `python -m benchmarks.retrieval.bm25
DIR`.

DIR is a BEIR folder. Each row changes one thing more, from `citewell eval retrieval --mode lexical
--no-rerank` to the flat BM25 of published tables. The figures are in docs/research. Nothing is
embedded; about half a minute of CPU for SciFact.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import log
from pathlib import Path

import numpy as np

from eval.data_sets.data_sets import BeirDataset, BeirDocument, read_beir
from eval.data_sets.runs import Run, ScoredDocument
from eval.retrieval.measures import measure
from index.embedders.onnx import OnnxEmbedder
from index.indexes.analysing import analyse
from index.indexes.lexical_index import LexicalRow, TantivyIndex, write_lexical_index
from index.values.ports import FloatVector
from index.values.snapshot_settings import LexicalSettings

MEASURES = ("nDCG@10", "R@100", "RR@10")
DEPTH = 100
# The stop words of Lucene's English analyser.
STOP = frozenset(
    analyse(
        "a an and are as at be but by for if in into is it no not of on or such that the their "
        "then there these they this to was will with"
    )
)

Search = Callable[[str], Sequence[tuple[int, float]]]


class Textbook:
    """BM25 in Lucene's form, lengths kept exactly. *Source:* Kamphuis et al. 2020."""

    def __init__(
        self, texts: Sequence[str], *, k1: float, b: float, stop: frozenset[str] = frozenset()
    ) -> None:
        self._stop = stop
        self._postings: dict[str, list[tuple[int, int]]] = {}
        lengths = np.zeros(len(texts))
        for number, text in enumerate(texts):
            words = self._words(text)
            lengths[number] = words.total()
            for word, count in words.items():
                self._postings.setdefault(word, []).append((number, count))
        self._normed: FloatVector = k1 * (1 - b + b * lengths / lengths.mean())

    def __call__(self, query: str) -> list[tuple[int, float]]:
        """Return the best rows with their scores."""
        rows = self._normed.size
        scores = np.zeros(rows)
        for word, times in self._words(query).items():
            found = np.array(self._postings.get(word, []), dtype=np.int64).reshape(-1, 2)
            rarity = log(1 + (rows - len(found) + 0.5) / (len(found) + 0.5))
            numbers, counts = found[:, 0], found[:, 1]
            scores[numbers] += times * rarity * counts / (counts + self._normed[numbers])
        best = np.argsort(-scores, kind="stable")[:DEPTH]
        return [(int(row), float(scores[row])) for row in best if scores[row] > 0]

    def _words(self, text: str) -> Counter[str]:
        return Counter(word for word in analyse(text) if word not in self._stop)


def product(folder: Path, rows: Sequence[LexicalRow], *, context_boost: float) -> Search:
    """Return a search of the product's index."""
    folder.mkdir()
    write_lexical_index(folder, rows)
    index = TantivyIndex.open(
        folder, np.arange(len(rows), dtype=np.int32), LexicalSettings(context_boost=context_boost)
    )

    def search(query: str) -> list[tuple[int, float]]:
        found, scores = index.search(query, DEPTH)
        return list(zip(found.tolist(), scores.tolist(), strict=True))

    return search


def first_windows(documents: Sequence[BeirDocument]) -> list[str]:
    """Return each text up to the embedder's window, its title counted."""
    from tokenizers import Tokenizer

    spec = OnnxEmbedder().tokenizer
    tokenizer = Tokenizer.from_str(spec.tokenizer_json)
    tokenizer.enable_truncation(spec.window_tokens)
    texts: list[str] = []
    for each in documents:
        whole = f"{each.title}\n{each.text}"
        read = tokenizer.encode(whole)
        end = max(last for _, last in read.offsets) if read.overflowing else len(whole)
        texts.append(whole[len(each.title) + 1 : end])
    return texts


def searches(dataset: BeirDataset, folder: Path) -> Iterator[tuple[str, Search]]:
    """Yield each search with what it changes."""
    documents = list(dataset.documents())
    whole = [each.text for each in documents]
    titled = [f"{each.title}\n{each.text}" for each in documents]

    def rows(texts: Sequence[str]) -> list[LexicalRow]:
        pairs = enumerate(zip(documents, texts, strict=True))
        return [LexicalRow(each.title, text, number) for number, (each, text) in pairs]

    cut = rows(first_windows(documents))
    yield "as installed", product(folder / "a", cut, context_boost=0.25)
    yield "title not counted again", product(folder / "b", cut, context_boost=0)
    yield "documents read to their end", product(folder / "c", rows(whole), context_boost=0)
    yield "lengths kept exactly", Textbook(titled, k1=1.2, b=0.75)
    yield "k1 0.9 and b 0.4 for 1.2 and 0.75", Textbook(titled, k1=0.9, b=0.4)
    yield "stop words left out", Textbook(titled, k1=0.9, b=0.4, stop=STOP)


def main() -> None:
    """Print a row for each search."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("beir", type=Path, metavar="DIR")
    parser.add_argument("--split", default="test")
    given = parser.parse_args()
    dataset = read_beir(given.beir, split=given.split)
    names = [each.doc_id for each in dataset.documents()]
    with tempfile.TemporaryDirectory() as folder:
        for change, search in searches(dataset, Path(folder)):
            run = {
                query.query_id: tuple(
                    ScoredDocument(names[row], score) for row, score in search(query.text)
                )
                for query in dataset.queries
            }
            values = measure(Run(run), dataset.qrels, MEASURES).values
            shown = (f"{name} {np.mean(list(values[name].values())):.4f}" for name in MEASURES)
            sys.stdout.write(f"{change:<36}{'  '.join(shown)}\n")


if __name__ == "__main__":
    main()
