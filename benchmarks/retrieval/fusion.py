"""What was tried on the fused ranking, on training data: `python -m benchmarks.retrieval.fusion
NAME`.

NAME is a BEIR folder (its split `train`, nDCG@10) or, with `--home HOME`, a file of our questions
(the share with evidence in the first, first three and first five passages). Each row changes one
thing of what was the default before decision 18, and is compared with it query by query. `--read N`
has the first 12 candidates of N queries read by the reranker, `--sentences N` embeds the sentences
of the first 14 candidates of N queries: some minutes each. The figures of decision 18.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.errors import InputError
from corpus.home import Home
from corpus.stores.memory_store import MemoryStore
from corpus.stores.sql_store import SqlStore
from eval.answers.evidence import squashed
from eval.data_sets.data_sets import read_beir
from eval.data_sets.entering import EnteringSettings
from eval.question_sets.located_questions import with_quotes
from eval.question_sets.questions import read_questions
from eval.retrieval.searched_corpus import home_of, searched_corpus
from eval.statistics.significance import paired_results
from index.query.query_plan import QueryPlan
from index.snapshots.publishing import current_id, snapshot_folder
from index.snapshots.snapshot import Snapshot
from index.values.retrieval_settings import RetrievalSettings
from ingest.chunking.chunking import ChunkingSettings
from service.settings.environment import read_settings
from service.settings.models import Models

Matrix = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
DISCOUNTS = 1 / np.log2(np.arange(2, 12))
SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z0-9(\"“])")


@dataclass(frozen=True, slots=True)
class Searched:
    """Every score of every query: (q, n), where not said otherwise; -inf where there is none.

    `bonus` is the match of the document that the query names, `relevant` a grade, `scopes` what is
    searched; `vectors` (n, d), `queries` (q, d); `beside` (n, 2), the rows before and after, or -1.
    """

    texts: tuple[str, ...]
    passages: tuple[str, ...]
    dense: Matrix
    lexical: Matrix
    bonus: Matrix
    relevant: Matrix
    scopes: tuple[Mask, ...]
    vectors: Matrix
    queries: Matrix
    beside: npt.NDArray[np.int64]
    graded: bool

    def only(self, chosen: npt.NDArray[np.int64]) -> "Searched":
        """Return the chosen queries."""
        names = ("dense", "lexical", "bonus", "relevant", "queries")
        return replace(
            self,
            texts=tuple(self.texts[each] for each in chosen.tolist()),
            scopes=tuple(each[chosen] for each in self.scopes),
            **{name: getattr(self, name)[chosen] for name in names},
        )


Ranker = Callable[[Searched], Matrix]


def searched(
    snapshot: Snapshot,
    store: SqlStore,
    models: Models,
    asked: list[tuple[str, dict[int, float]]],
    *,
    graded: bool,
) -> Searched:
    """Return the scores of the product's two searches; `asked` are texts with relevant rows."""
    ids = [snapshot.chunk_id(row) for row in range(len(snapshot.chunk_ids))]
    found = store.chunks(ids)
    chunks = [found[each] for each in ids]
    rows, names = len(ids), snapshot.document_rows
    shape = (len(asked), rows)
    dense, lexical = np.full(shape, -np.inf), np.full(shape, -np.inf)
    bonus, relevant = np.zeros(shape), np.zeros(shape)
    scopes = (np.ones(shape, np.bool_), np.ones(shape, np.bool_))
    queries = np.zeros((len(asked), models.embedder.dimensions))
    for number, (text, grades) in enumerate(asked):
        plan = QueryPlan.of(text, snapshot, MemoryStore(), RetrievalSettings(), k=10)
        queries[number] = models.embedder.embed_queries([plan.asked])[0]
        where, cosines = snapshot.vectors.search(queries[number].astype(np.float32), rows)
        dense[number, where] = cosines
        where, weights = snapshot.lexical.search(plan.asked, rows)
        lexical[number, where] = weights
        for mask, scope in zip(scopes, (plan.scopes[0], plan.scopes[-1]), strict=True):
            mask[number] = True if scope is None else scope
        bonus[number] = 0 if plan.named is None else plan.named.match[names]
        relevant[number, list(grades)] = list(grades.values())
    at = {(chunk.doc_id, chunk.ordinal): row for row, chunk in enumerate(chunks)}
    beside = [[at.get((c.doc_id, c.ordinal + step), -1) for step in (-1, 1)] for c in chunks]
    return Searched(
        tuple(text for text, _ in asked),
        tuple(chunk.embedded_text for chunk in chunks),
        dense,
        lexical,
        bonus,
        relevant,
        scopes,
        _vectors(snapshot).astype(np.float64),
        queries,
        np.array(beside),
        graded,
    )


def _vectors(snapshot: Snapshot) -> npt.NDArray[np.float32]:
    index = snapshot.vectors._index  # type: ignore[attr-defined]
    return np.asarray(index.reconstruct_n(0, len(snapshot.chunk_ids)))


def first(scores: Matrix, number: int) -> npt.NDArray[np.int64]:
    """Return (q, number), the best rows, ties by row."""
    return np.argsort(-scores, axis=1, kind="stable")[:, :number]


def candidates(data: Searched, scores: Matrix, number: int) -> Mask:
    """Return the rows that one search gives: the best of each scope."""
    found = np.zeros(scores.shape, np.bool_)
    for scope in data.scopes:
        inside = np.where(scope, scores, -np.inf)
        best = np.zeros(scores.shape, np.bool_)
        np.put_along_axis(best, first(inside, number), True, axis=1)
        found |= best & np.isfinite(inside)
    return found


def scaled(scores: Matrix, kept: Mask) -> Matrix:
    """Return scores moved to 0..1 over those that are kept; 0 elsewhere."""
    low = np.where(kept, scores, np.inf).min(axis=1, keepdims=True)
    high = np.where(kept, scores, -np.inf).max(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        moved = np.where(high > low, (scores - low) / np.where(high > low, high - low, 1), 1)
    return np.where(kept, moved, 0.0)


def standard(scores: Matrix, kept: Mask) -> Matrix:
    """Return z-scores over those that are kept; the lowest of them elsewhere."""
    some = np.where(kept, scores, np.nan)
    z = (some - np.nanmean(some, axis=1, keepdims=True)) / np.nanstd(some, axis=1, keepdims=True)
    standardised: Matrix = np.where(kept, z, np.nanmin(z, axis=1, keepdims=True)) / 6
    return standardised


def fused(
    data: Searched,
    *,
    weight: float = 0.5,
    number: int = 100,
    leaders: int = 0,
    source: float = 1.0,
    dense: Matrix | None = None,
    scale: Callable[[Matrix, Mask], Matrix] = scaled,
) -> Matrix:
    """Return the fused score; the defaults are those before decision 18."""
    meaning = data.dense if dense is None else dense
    ours, theirs = candidates(data, meaning, number), candidates(data, data.lexical, number)
    one, other = scale(meaning, ours), scale(data.lexical, theirs)
    share: Matrix = np.full((len(one), 1), weight)
    if leaders:
        means = [_mean_of_best(one, ours, leaders), _mean_of_best(other, theirs, leaders)]
        share = weight * means[1] / (weight * means[1] + (1 - weight) * means[0])
    whole = share * one + (1 - share) * other + source * data.bonus
    ranked: Matrix = np.where(ours | theirs, whole, -np.inf)
    return ranked


def _mean_of_best(values: Matrix, kept: Mask, number: int) -> Matrix:
    counts = np.clip(kept.sum(axis=1, keepdims=True), 1, number)
    best: Matrix = -np.sort(-values, axis=1)[:, :number]
    # The greatest is 1; where nothing is kept the mean is 1, as in the product.
    means: Matrix = np.maximum(best.sum(axis=1, keepdims=True), 1) / counts
    return means


def by_ranks(data: Searched, constant: int) -> Matrix:
    """Return reciprocal rank fusion."""
    total = data.bonus.copy()
    kept = np.zeros(total.shape, np.bool_)
    for scores in (data.dense, data.lexical):
        found = candidates(data, scores, 100)
        ranks = np.argsort(first(np.where(found, scores, -np.inf), scores.shape[1]), axis=1) + 1
        total += np.where(found, (constant + 1) / 2 / (constant + ranks), 0)
        kept |= found
    return np.where(kept, total, -np.inf)


def feedback(data: Searched, start: Matrix, number: int, weight: float) -> Matrix:
    """Return cosines to the query moved towards the mean of the first vectors (Rocchio)."""
    mean = data.vectors[first(start, number)].mean(axis=1)
    mean /= np.linalg.norm(mean, axis=1, keepdims=True)
    query = (1 - weight) * data.queries + weight * mean
    moved: Matrix = query / np.linalg.norm(query, axis=1, keepdims=True) @ data.vectors.T
    return moved


def with_neighbours(data: Searched, weight: float) -> Matrix:
    """Return the fused score and a share of that of the better passage beside it."""
    scores = fused(data)
    own = np.where(np.isfinite(scores), scores - data.bonus, 0)
    padded = np.pad(own, ((0, 0), (0, 1)))
    raised: Matrix = scores + weight * padded[:, data.beside].max(axis=2)
    return raised


def rankers() -> Iterator[tuple[str, Ranker]]:
    """Yield each formula that needs no model."""
    for weight in (0.3, 0.4, 0.45, 0.55, 0.6, 0.7):
        yield f"dense weight {weight}", lambda d, w=weight: fused(d, weight=w)  # type: ignore[misc]
    for number in (50, 200, 500):
        yield f"{number} candidates", lambda d, n=number: fused(d, number=n)  # type: ignore[misc]
    for weight in (0.4, 0.5, 0.6):
        yield (
            f"z-scores, weight {weight}",
            lambda d, w=weight: fused(d, weight=w, scale=standard),  # type: ignore[misc]
        )
    for constant in (60, 20, 10):
        yield f"reciprocal ranks, {constant}", lambda d, c=constant: by_ranks(d, c)  # type: ignore[misc]
    for number in (1, 3, 5, 10):
        for weight in (0.1, 0.2, 0.3, 0.5):
            yield (
                f"feedback, first {number}, {weight}",
                lambda d, n=number, w=weight: fused(d, dense=feedback(d, fused(d), n, w)),  # type: ignore[misc]
            )
    for weight in (0.05, 0.1, 0.2):
        yield f"passages beside {weight}", lambda d, w=weight: with_neighbours(d, w)  # type: ignore[misc]
    for number in (100, 200):
        for leaders in (10, 20, 30):
            for weight in (0.5, 0.55):
                yield (
                    f"{leaders} leaders, {weight}, {number} candidates",
                    lambda d, m=leaders, w=weight, n=number: fused(  # type: ignore[misc]
                        d, weight=w, number=n, leaders=m
                    ),
                )


def read_forms(data: Searched, models: Models) -> Iterator[tuple[str, Matrix]]:
    """Yield ways to count the reranker's logits of the first twelve; the first was the default."""
    assert models.reranker is not None
    base, plain = fused(data), np.zeros(data.dense.shape)
    rows = first(base, 12)
    logits = np.array(
        [
            models.reranker.score(text, [data.passages[row] for row in some])
            for text, some in zip(data.texts, rows.tolist(), strict=True)
        ]
    )
    spread = (logits - logits.mean(axis=1, keepdims=True)) / logits.std(axis=1, keepdims=True)
    squashed_logits = 1 / (1 + np.exp(-logits))
    forms = [(f"sigmoid, {w}", w * squashed_logits) for w in (0.4, 0.2, 0.3, 0.5, 0.6, 0.8)]
    forms.append(("of the first 8, 0.4", 0.4 * squashed_logits * (np.arange(12) < 8)))
    forms += [(f"linear, {w}", w * np.clip((logits + 10) / 20, 0, 1)) for w in (0.4, 0.8, 1.2)]
    forms += [(f"z-scores, {w}", w * spread + 5) for w in (0.05, 0.1, 0.2)]
    for name, gains in forms:
        gained = plain.copy()
        np.put_along_axis(gained, rows, gains, axis=1)
        yield name, base + gained


def sentence_forms(data: Searched, models: Models) -> Iterator[tuple[str, Matrix]]:
    """Yield the fused score and shares of the cosine of the best sentence, over the first 14."""
    base = fused(data)
    rows, best = first(base, 14), np.full(base.shape, -np.inf)
    kept: dict[int, npt.NDArray[np.float32]] = {}
    for number, some in enumerate(rows.tolist()):
        for row in some:
            if row not in kept:
                kept[row] = models.embedder.embed_documents(SENTENCE.split(data.passages[row]))
            best[number, row] = float((kept[row] @ data.queries[number]).max())
    for weight in (0.0, 0.5, 1.0, 2.0, 4.0):
        yield f"best sentence, {weight}", base + weight * best if weight else base


def values_of(data: Searched, scores: Matrix) -> dict[str, Matrix]:
    """Return each query's measures."""
    rows = first(scores, 10)
    gains = np.take_along_axis(data.relevant, rows, axis=1)
    gains = gains * np.isfinite(np.take_along_axis(scores, rows, axis=1))
    if data.graded:
        ideal = -np.sort(-data.relevant, axis=1)[:, :10]
        values: Matrix = gains @ DISCOUNTS / (ideal @ DISCOUNTS)
        return {"nDCG@10": values}
    held = gains > 0
    return {f"first {k}": np.array(held[:, :k].any(axis=1), np.float64) for k in (1, 3, 5)}


def show(name: str, values: dict[str, Matrix], before: dict[str, Matrix]) -> None:
    """Print a row: each mean, queries better and worse, and p."""
    cells = []
    for measure, found in values.items():
        difference = found - before[measure]
        better, worse = int((difference > 1e-9).sum()), int((difference < -1e-9).sum())
        p = paired_results(difference[:, None])[0].p if better + worse else 1.0
        cells.append(f"{measure} {found.mean():.4f} +{better} -{worse} p {p:.3f}")
    sys.stdout.write(f"{name:<36}{'  '.join(cells)}\n")
    sys.stdout.flush()


def beir(folder: Path, models: Models, work: Path, limit: int | None) -> Searched:
    """Return a BEIR folder's training queries, searched."""
    dataset = read_beir(folder, split="train")
    window = models.embedder.tokenizer.window_tokens
    entering = EnteringSettings(ChunkingSettings(window_tokens=window), "whole")
    with searched_corpus(dataset, entering, models, work, lambda *_: None) as corpus:
        names = dict(corpus.ids)
    home = home_of(work, dataset, entering, models)
    grades: dict[str, dict[str, float]] = {}
    for qrel in dataset.qrels:
        grades.setdefault(qrel.query_id, {})[qrel.doc_id] = qrel.relevance
    with SqlStore.open(home.store_url, read_only=True) as store:
        snapshot = opened(home)
        places = {names[snapshot.document(row).doc_id]: row for row in range(len(names))}
        asked = [
            (query.text, {places[doc]: grade for doc, grade in grades[query.query_id].items()})
            for query in dataset.queries[:limit]
        ]
        return searched(snapshot, store, models, asked, graded=True)


def questions(path: Path, field: str, models: Models, home: Home, limit: int | None) -> Searched:
    """Return our answerable questions, searched in the collection of a home."""
    with SqlStore.open(home.store_url, read_only=True) as store:
        snapshot, file = opened(home), read_questions(path, field=field)
        ids = [snapshot.chunk_id(row) for row in range(len(snapshot.chunk_ids))]
        found = store.chunks(ids)
        texts = [squashed(found[each].text) for each in ids]
        asked: list[tuple[str, dict[int, float]]] = []
        answerable = [each for each in file.questions if each.answerable]
        for question in answerable[:limit]:
            with suppress(InputError):
                (placed,) = with_quotes(replace(file, questions=(question,)), store).questions
                quotes = [squashed(each.quote) for each in placed.evidence]
                held = {row: 1.0 for row, t in enumerate(texts) if any(q in t for q in quotes)}
                asked.append((placed.text, held))
        return searched(snapshot, store, models, asked, graded=False)


def opened(home: Home) -> Snapshot:
    """Return the current snapshot. Raises: InputError where there is none."""
    snapshot_id = current_id(home)
    if snapshot_id is None:
        raise InputError(f"Nothing is ingested in {home.root}.")
    return Snapshot.open(snapshot_folder(home, snapshot_id))


def main() -> None:
    """Print a row for each thing that was tried."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, metavar="NAME")
    parser.add_argument("--home", type=Path, default=Path("var"))
    parser.add_argument("--field", default="question")
    parser.add_argument("--limit", type=int, metavar="N")
    parser.add_argument("--read", type=int, default=0, metavar="N")
    parser.add_argument("--sentences", type=int, default=0, metavar="N")
    given = parser.parse_args()
    models = Models.open(read_settings({}, home=given.home))
    if given.source.is_dir():
        data = beir(given.source, models, given.home / "eval", given.limit)
    else:
        data = questions(given.source, given.field, models, Home(given.home), given.limit)
    before = values_of(data, fused(data))
    show(f"before, {len(data.texts)} queries", before, before)
    for name, ranker in rankers():
        show(name, values_of(data, ranker(data)), before)
    order = np.random.default_rng(5).permutation(len(data.texts))
    for number, forms in ((given.read, read_forms), (given.sentences, sentence_forms)):
        if not number:
            continue
        some = data.only(order[:number])
        rows = [(name, values_of(some, scores)) for name, scores in forms(some, models)]
        for name, values in rows:
            show(f"{number} queries: {name}", values, rows[0][1])


if __name__ == "__main__":
    main()
