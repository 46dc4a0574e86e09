"""The files of the multilingual model, made again: its graph, and the space of languages."""

import gzip
import json
import random
from pathlib import Path

from corpus.store import Store
from index.embedders.multilingual import MultilingualEmbedder
from index.embedders.opening import open_embedder
from index.models.model_files import LANGUAGE_SPACE, MULTILINGUAL_E5_SMALL_GRAPH
from training.languages.graph import write_graph
from training.languages.space import pair_of, write_space

# Files that name the documents that questions across languages are asked of.
ASKED = Path("eval/questions/languages/questions.jsonl")
_PUBLIC, _OWN = 9_000, 4_000


def refit(store: Store, *, pool: Path, own: Path) -> None:
    """Write both files, from English questions and from the English passages of a store.

    Documents that questions across languages are asked of are left out.
    """
    write_graph(MULTILINGUAL_E5_SMALL_GRAPH.locate())
    chosen = random.Random(1)
    questions = [
        each
        for path, number in ((pool / "questions.jsonl.gz", _PUBLIC), (own, _OWN))
        for each in chosen.sample(_questions(path), number)
    ]
    multilingual = MultilingualEmbedder()
    asked, said = pair_of(questions, _passages(store), multilingual, open_embedder())
    write_space(LANGUAGE_SPACE.locate(), asked, said, multilingual)


def _questions(path: Path) -> list[str]:
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    return [json.loads(line)["question"] for line in text.decode("utf-8").splitlines()]


def _passages(store: Store) -> list[str]:
    left_out = {json.loads(line)["document"] for line in ASKED.read_text("utf-8").splitlines()}
    english = {
        each.doc_id
        for each in store.documents()
        if each.language == "en" and Path(each.source).name not in left_out
    }
    return [each.embedded_text for each in store.current_chunks() if each.doc_id in english]
