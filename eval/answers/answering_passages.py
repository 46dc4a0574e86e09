"""Questions with passages, asked: the passages become a collection of their own."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from corpus.errors import InputError
from corpus.home import Home
from corpus.ids import fingerprint_of, sha256_of
from corpus.stores.sql_store import SqlStore
from eval.data_sets.data_sets import CORPUS, BeirDataset, BeirDocument
from eval.data_sets.entering import EnteringSettings, Entrance, content_of
from eval.question_sets.passage_questions import PassageQuestions, joined_passages
from eval.question_sets.questions import joined, read_questions
from eval.question_sets.questions_clapnq import read_clapnq
from eval.question_sets.questions_squad import read_squad
from index.embedding.vector_cache import VectorCache
from index.snapshots.building import build
from ingest.chunking.chunking import ChunkingSettings
from service.access.writing import sole_writer
from service.cli.step_bar import OnStep
from service.engine.engine import Engine
from service.settings.models import Models
from service.settings.settings import Settings

QuestionFormat = Literal["questions", "squad", "clapnq"]


def read_asked(
    paths: Sequence[Path],
    question_format: QuestionFormat,
    *,
    field: str = "question",
    collection: str | None = None,
) -> PassageQuestions:
    """Return the questions of all files, in turn, and the documents that they bring.

    Question files bring none: they are about a collection that is there. `field` names their
    wording. Raises: InputError, also for a collection beside passages: they are one of their own.
    """
    if collection is not None and question_format != "questions":
        raise InputError(
            f"Found the collection {collection!r} with questions in the format {question_format}; "
            "their passages are a collection of their own."
        )
    if question_format == "squad":
        return joined_passages([read_squad(path) for path in paths])
    if question_format == "clapnq":
        return joined_passages([read_clapnq(path) for path in paths])
    return PassageQuestions(joined([read_questions(path, field=field) for path in paths]), ())


@contextmanager
def engine_for(
    asked: PassageQuestions,
    settings: Settings,
    work: Path,
    on_step: OnStep,
    *,
    models: Models | None = None,
) -> Iterator[Engine]:
    """Yield the engine that answers: of the configured home, or of the documents in `work`.

    Raises: InputError, StoreError, SnapshotError, ModelError.
    """
    opened = models or Models.open(settings)
    if asked.documents:
        home = _ingested(asked.documents, settings, opened, work, on_step)
        settings = settings.model_copy(update={"home": home.root, "store": None})
    with Engine.open(settings, models=opened) as engine:
        engine.warm()
        yield engine


def _ingested(
    documents: Sequence[BeirDocument],
    settings: Settings,
    models: Models,
    work: Path,
    on_step: OnStep,
) -> Home:
    """Store, embed and index the documents where that was not done before; return their home.

    Each is read as plain text under its title and chunked as in every ingest. All homes in `work`
    share one vector cache.
    """
    entering = _entering(settings, models)
    home = _home_of(documents, entering, models, work)
    with (
        sole_writer(home),
        SqlStore.open(home.store_url) as store,
        VectorCache.open(Home(work).vectors) as cache,
    ):
        dataset = _written(documents, home)
        Entrance.of(store, entering, models.embedder.tokenizer).enter(dataset, on_step)
        total = len(store.current_chunk_ids())
        build(
            store,
            cache,
            models.embedder,
            home,
            on_progress=lambda done: on_step("vectors", done, total),
        )
    return home


def _entering(settings: Settings, models: Models) -> EnteringSettings:
    window = models.embedder.tokenizer.window_tokens
    if settings.chunk_tokens > window:
        raise InputError(
            f"Found chunks of {settings.chunk_tokens} tokens; expected at most {window}, which is "
            f"the window of {models.embedder.name}."
        )
    chunking = ChunkingSettings(chunk_tokens=settings.chunk_tokens, window_tokens=window)
    return EnteringSettings(chunking, "chunked")


def _home_of(
    documents: Sequence[BeirDocument], entering: EnteringSettings, models: Models, work: Path
) -> Home:
    """Return a folder for each set of documents, entering and embedder."""
    contents = sha256_of("".join(sha256_of(content_of(document)) for document in documents))
    configuration = fingerprint_of(
        {"entering": entering.fingerprint, "embedder": models.embedder.fingerprint}
    )
    return Home(work / f"{contents[:16]}-{configuration}")


def _written(documents: Sequence[BeirDocument], home: Home) -> BeirDataset:
    """Return the documents as a corpus on disk, the form in which an entrance takes them."""
    lines = (
        json.dumps({"_id": each.doc_id, "title": each.title, "text": each.text}) + "\n"
        for each in documents
    )
    (home.root / CORPUS).write_text("".join(lines), encoding="utf-8")
    return BeirDataset(home.root, split="none", queries=(), qrels=())
