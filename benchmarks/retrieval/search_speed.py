"""How long a whole search takes in a large collection, beside embedding its question alone.

The collection is grown from one that is there: passages with a third of their words exchanged for
those of others, and vectors made as in `enlarged_vectors`. Each question is embedded alone and
searched for in turn, so that other work on the machine weighs on both.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.retrieval.enlarged_vectors import enlarge, real_vectors
from corpus.chunk import Chunk
from corpus.document import Document, Page, PageQuality, PageSpan
from corpus.home import Home
from corpus.ids import Fingerprint, chunk_id_of, doc_id_of, sha256_of
from corpus.stores.sql_store import SqlStore
from eval.figures.machine import machine
from index.embedders.opening import open_embedder
from index.embedding.vector_cache import VectorCache
from index.snapshots.building import build
from service.engine.engine import Engine
from service.settings.environment import read_settings
from service.values.request import Request

QUESTIONS = Path(__file__).parents[2] / "eval" / "questions" / "train.jsonl"
_A_DOCUMENT = 80
_EXCHANGED = 0.33


def grow(source: Path, home: Home, passages: int) -> None:
    """Fill a home with so many passages made from those of a collection, and publish them."""
    embedder = open_embedder()
    vectors = enlarge(real_vectors(source), passages).vectors
    with SqlStore.open(Home(source).store_url, read_only=True) as store:
        texts = [chunk.search_text for chunk in store.current_chunks()]
    made = _texts(texts, passages)
    with SqlStore.open(home.store_url) as store, VectorCache.open(home.vectors) as cache:
        for start in range(0, passages, _A_DOCUMENT):
            document, page, chunks = _document(start, made[start : start + _A_DOCUMENT])
            store.add(document, document.title.encode(), [page], chunks)
            keys = [chunk.embedded_sha256 for chunk in chunks]
            cache.put(embedder.fingerprint, keys, vectors[start : start + len(chunks)])
        build(store, cache, embedder, home)


def _texts(texts: Sequence[str], wanted: int) -> list[str]:
    random = np.random.default_rng(1)
    words = [text.split() for text in texts]
    pool = np.array([word for each in words for word in each])
    found = []
    for number in range(wanted):
        own = np.array(words[number % len(words)], dtype=pool.dtype)
        other = random.random(len(own)) < _EXCHANGED
        own[other] = random.choice(pool, int(other.sum()))
        found.append(f"{' '.join(own)} {number}.")
    return found


def _document(number: int, texts: Sequence[str]) -> tuple[Document, Page, list[Chunk]]:
    title = f"Made report {number}"
    sha256, text = sha256_of(title), "".join(texts)
    document = Document(
        doc_id=doc_id_of(sha256),
        sha256=sha256,
        source=f"{title}.txt",
        title=title,
        collection="made",
        media_type="text/plain",
        reading=Fingerprint("made"),
        pages=1,
    )
    page = Page(1, "1", text, PageQuality(characters=len(text)), "en")
    return document, page, list(_chunks(document, texts))


def _chunks(document: Document, texts: Sequence[str]) -> Iterator[Chunk]:
    start = 0
    for ordinal, text in enumerate(texts):
        end = start + len(text)
        yield Chunk(
            chunk_id=chunk_id_of(document.doc_id, ((1, start, end),), text),
            doc_id=document.doc_id,
            ordinal=ordinal,
            spans=(PageSpan(1, start, end),),
            text=text,
            sentences=((0, len(text)),),
            search_text=text,
            context=document.title,
        )
        start = end


def study(
    engine: Engine, questions: Sequence[str], budgets_ms: Sequence[float]
) -> dict[str, object]:
    """Return the milliseconds of embedding alone, of a search, and of searches with budgets."""
    engine.warm()
    plain = Request(rerank=False)
    engine.search(questions[0], plain)
    embedding: list[float] = []
    searching: list[float] = []
    for question in questions:
        embedding.append(_ms(partial(engine.embedder.embed_queries, [question])))
        searching.append(_ms(partial(engine.search, question, plain)))
    found: dict[str, object] = {
        "questions": len(questions),
        "embedding_ms": _percentiles(embedding),
        "search_ms": _percentiles(searching),
        "search_over_embedding": round(float(np.median(searching) / np.median(embedding)), 2),
    }
    for budget in budgets_ms:
        found[f"budget_{budget:g}_ms"] = _with_budget(engine, questions, budget)
    return found


def _with_budget(engine: Engine, questions: Sequence[str], budget_ms: float) -> dict[str, float]:
    request, times, scored = Request(budget_ms=budget_ms), [], []
    for question in questions[: len(questions) // 3]:
        began = perf_counter()
        reranked = engine.search(question, request).reranked
        times.append((perf_counter() - began) * 1000)
        scored.append(reranked.scored if reranked else 0)
    return {
        **_percentiles(times),
        "p99_over_budget": round(float(np.percentile(times, 99)) / budget_ms, 3),
        "scored_on_average": round(float(np.mean(scored)), 1),
    }


def _ms(act: Callable[[], object]) -> float:
    began = perf_counter()
    act()
    return (perf_counter() - began) * 1000


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    p50, p99 = np.percentile(times, [50, 99])
    return {"p50": round(float(p50), 2), "p99": round(float(p99), 2)}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval.search_speed")
    parser.add_argument("source", type=Path, help="a collection with some thousand passages")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--budgets", type=float, nargs="*", default=[200, 400])
    parser.add_argument("--home", type=Path, help="keep the grown collection here, or use it again")
    options = parser.parse_args()
    lines = QUESTIONS.read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line][: options.questions]
    with tempfile.TemporaryDirectory(prefix="citewell-speed-") as folder:
        home = Home(options.home or Path(folder))
        if not home.current.exists():
            grow(options.source, home, options.passages)
        settings = read_settings({}, home=home.root)
        with Engine.open(settings, read_only=True) as engine:
            found = study(engine, questions, options.budgets)
    result = {"passages": options.passages, **found, "machine": machine()}
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
