"""`citewell doctor`: is everything that is stored whole and in agreement?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpus.chunk import Chunk, text_at
from corpus.document import Page
from corpus.errors import CitewellError
from corpus.ids import DocId, sha256_of
from corpus.stores.sql_store import SqlStore
from index.models.model_files import verify as verify_models
from index.snapshots.checking import verify_snapshot
from index.snapshots.publishing import current_id, list_snapshots, snapshot_folder
from index.snapshots.snapshot import Snapshot
from ingest.workers.limited_workers import worker_confinement
from service.access.opening import open_store
from service.settings.models import Models
from service.settings.settings import Settings

_WITHOUT_STORE = ("snapshots", "confinement")
_RESTORE = "restore the store from a copy, or ingest the documents into a new home"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it is in order, and what was found."""

    check: str
    ok: bool
    detail: str


def examine(settings: Settings) -> list[Finding]:
    """Return one finding a check. A check that fails is a finding, not an error.

    What reads the store is not checked where the store is damaged.
    """
    findings = [_finding("models", _models, settings), _finding("store", _store, settings)]
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("files", _files),
        ("quotes", _quotes),
        ("snapshots", _snapshots),
        ("answering", _answering),
        ("confinement", _confinement),
    )
    for name, check in checks:
        if findings[1].ok or name in _WITHOUT_STORE:
            findings.append(_finding(name, check, settings))
        else:
            findings.append(Finding(name, False, "not checked: see the store"))
    return findings


def _finding(name: str, check: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(name, True, check(settings))
    except CitewellError as error:
        return Finding(name, False, str(error))
    except (ValueError, TypeError, LookupError) as error:  # of a row whose bytes have changed
        return Finding(name, False, f"what is stored cannot be read ({error!r}); {_RESTORE}")


def _models(settings: Settings) -> str:
    wrong = [check.problem for check in verify_models() if check.problem]
    if wrong:
        raise CitewellError("; ".join(wrong))
    models = Models.open(settings)
    reranker = models.reranker.name if models.reranker else "none"
    return f"embedder {models.embedder.name}, reranker {reranker}; bundled files as they must be"


def _store(settings: Settings) -> str:
    with _opened(settings) as store:
        problems = store.problems()
        if problems:
            raise CitewellError(
                f"{len(problems)} problems in {settings.store_url}, first: {problems[0]}; "
                f"expected none; {_RESTORE}"
            )
        documents = store.documents()
        older = len(store.documents(current_only=False)) - len(documents)
        pages = sum(document.pages for document in documents)
    return f"{len(documents)} documents, {pages} pages, {older} older editions"


def _confinement(_: Settings) -> str:
    return f"processes that read and draw have {worker_confinement()}"


def _files(settings: Settings) -> str:
    with _opened(settings) as store:
        documents = store.documents(current_only=False)
        wrong = [
            document.doc_id
            for document in documents
            if sha256_of(store.content(document.doc_id)) != document.sha256
        ]
    if wrong:
        raise CitewellError(
            f"the files of {len(wrong)} of {len(documents)} documents are not the bytes that were "
            f"ingested, first {wrong[0]}; delete these documents and ingest them again"
        )
    return f"{len(documents)}, each with the SHA-256 that it was ingested with"


def _quotes(settings: Settings) -> str:
    with _opened(settings) as store:
        wrong, chunks, sentences = [], 0, 0
        for chunk, pages in _chunks_with_pages(store):
            chunks += 1
            sentences += len(chunk.sentences)
            if text_at(chunk.spans, pages) != chunk.text:
                wrong.append(chunk.chunk_id)
    if wrong:
        raise CitewellError(
            f"{len(wrong)} of {chunks} chunks differ from the page text at their offsets, first "
            f"{wrong[0]}; ingest their documents again"
        )
    return f"{chunks} chunks, {sentences} sentences: 100 % equal the page text at their offsets"


def _chunks_with_pages(store: SqlStore) -> Iterator[tuple[Chunk, dict[int, Page]]]:
    held: dict[DocId, dict[int, Page]] = {}
    for chunk in store.current_chunks():
        if chunk.doc_id not in held:
            held[chunk.doc_id] = store.pages(chunk.doc_id)
        yield chunk, held[chunk.doc_id]


def _snapshots(settings: Settings) -> str:
    layout = settings.layout
    found = list_snapshots(layout)
    wrong = [
        f"{s.snapshot_id}: {problem}"
        for s in found
        for problem in verify_snapshot(snapshot_folder(layout, s.snapshot_id))
    ]
    if wrong:
        raise CitewellError("; ".join(wrong))
    return f"{len(found)}, every file as in its manifest"


def _answering(settings: Settings) -> str:
    current = current_id(settings.layout)
    if current is None:
        raise CitewellError("nothing is ingested yet; begin with: citewell ingest PATH")
    embedder = Models.open(settings).embedder.fingerprint
    snapshot = Snapshot.open(snapshot_folder(settings.layout, current), embedder=embedder)
    with _opened(settings) as store:
        stored = store.current_chunk_ids()
    held = [snapshot.chunk_id(row) for row in range(len(snapshot.chunk_ids))]
    if held != stored:
        raise CitewellError(
            f"snapshot {current} has {len(held)} chunks, the store {len(stored)}, not the same "
            "ones; publish again: citewell ingest PATH"
        )
    return f"snapshot {current} holds the store's {len(held)} chunks"


def _opened(settings: Settings) -> SqlStore:
    return open_store(settings, read_only=True)
