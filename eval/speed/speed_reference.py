"""Reference work, measured beside the product, so that ratios hold on a machine that is busy."""

import statistics
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from corpus.home import Home
from corpus.stores.sql_store import SqlStore
from eval.speed.speed_process import Ended, run
from index.values.ports import Embedder
from service.settings.models import Models
from service.settings.settings import Settings


def import_sentence_transformers(home: Path) -> Ended:
    """Import sentence-transformers in a fresh process: beside a cold question."""
    return run([sys.executable, "-c", "import sentence_transformers"], home)


def embed_questions_ms(embedder: Embedder, questions: Sequence[str]) -> float:
    """Return the median milliseconds of embedding one question: beside an answered question."""
    times: list[float] = []
    for question in questions:
        began = time.monotonic()
        embedder.embed_queries([question])
        times.append(1000 * (time.monotonic() - began))
    return statistics.median(times)


def embed_chunks_s(settings: Settings, home: Path) -> float:
    """Return the seconds of embedding a home's chunks alone: beside their ingest.

    As many embedders of one thread as the settings have threads, one text at a time.
    """
    with SqlStore.open(Home(home).store_url, read_only=True) as store:
        texts = list(dict.fromkeys(chunk.embedded_text for chunk in store.current_chunks()))
    single = settings.model_copy(update={"threads": 1, "reranker": "none"})
    embedders = [Models.open(single).embedder for _ in range(settings.threads)]
    for embedder in embedders:
        embedder.embed_documents(["warm"])

    def embed(embedder: Embedder, share: Sequence[str]) -> None:
        for text in share:
            embedder.embed_documents([text])

    threads = [
        threading.Thread(target=embed, args=(embedder, texts[number :: len(embedders)]))
        for number, embedder in enumerate(embedders)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - began
