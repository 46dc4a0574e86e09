"""Checks of what answers: models, snapshots, the pointer, and the programs that reading needs."""

from corpus.errors import CitewellError, NotFoundError
from index.models.model_files import verify as verify_models
from index.snapshots.checking import verify_snapshot
from index.snapshots.history import unreadable_lines
from index.snapshots.outline import past_ids, read_outline
from index.snapshots.publishing import current_id, list_snapshots, snapshot_folder
from index.snapshots.snapshot import Snapshot
from ingest.quality.grading import NO_TESSERACT
from ingest.readers.pdf.ocr import ocr_languages
from ingest.workers.limited_workers import worker_confinement
from service.examining.stored import opened
from service.settings.models import Models
from service.settings.settings import Settings

_INSTALL = "install it (Debian: apt install tesseract-ocr) and ingest again"


def models(settings: Settings) -> str:
    """The files of the models are there, as they were made."""
    wrong = [check.problem for check in verify_models() if check.problem]
    if wrong:
        raise CitewellError("; ".join(wrong))
    found = Models.open(settings)
    reranker = found.reranker.name if found.reranker else "none"
    return f"embedder {found.embedder.name}, reranker {reranker}; bundled files as they must be"


def ocr(settings: Settings) -> str:
    """Tesseract is there, where pages need it."""
    if settings.ocr == "off":
        return "scanned pages are not read: CITEWELL_OCR is off"
    languages = ocr_languages("en")
    if languages is not None:
        return f"Tesseract reads {languages}"
    if settings.ocr == "force":
        raise CitewellError(f"CITEWELL_OCR is `force`, and Tesseract is not installed; {_INSTALL}")
    with opened(settings) as store:
        doubtful = {each.doc_id for each in store.quality_counts() if each.grade in ("C", "D")}
        unread = sum(
            NO_TESSERACT in (page.quality.reason or "")
            for doc_id in doubtful
            for page in store.ledger(doc_id)
        )
    if unread:
        raise CitewellError(
            f"{unread} pages are images that were not read, for Tesseract is not installed; "
            f"{_INSTALL}"
        )
    return "Tesseract is not installed; no page has needed it yet"


def snapshots(settings: Settings) -> str:
    """Each snapshot's files are those of its manifest, and outlines of former ones can be read."""
    layout = settings.layout
    found = list_snapshots(layout)
    wrong = [
        f"{s.snapshot_id}: {problem}"
        for s in found
        for problem in verify_snapshot(snapshot_folder(layout, s.snapshot_id))
    ]
    past = past_ids(layout)
    for snapshot_id in past:
        try:
            read_outline(layout, snapshot_id)
        except CitewellError as error:
            wrong.append(str(error))
    if wrong:
        raise CitewellError(
            f"{'; '.join(wrong)}; a damaged snapshot that answers is made again by `citewell "
            "ingest PATH`; of another, remove the folder"
        )
    return f"{len(found)}, every file as in its manifest; {len(past)} outlines of former ones"


def history(settings: Settings) -> str:
    """Each line of HISTORY says which snapshot answered when."""
    wrong = unreadable_lines(settings.layout)
    if wrong:
        raise CitewellError(
            f"{len(wrong)} lines of {settings.layout.snapshots / 'HISTORY'} cannot be read, first "
            f"line {wrong[0]}: answers as of those times may come from the snapshot before; remove "
            "these lines"
        )
    return "every line can be read"


def answering(settings: Settings) -> str:
    """The snapshot that answers is there, of this embedder, and holds what the store holds."""
    current = current_id(settings.layout)
    if current is None:
        raise CitewellError("nothing is ingested yet; begin with: citewell ingest PATH")
    try:
        folder = snapshot_folder(settings.layout, current)
    except NotFoundError as error:
        raise CitewellError(
            f"{settings.layout.current} names the snapshot {current}, which is not there; set it "
            "again: citewell snapshots rollback ID, or citewell ingest PATH"
        ) from error
    embedder = Models.open(settings).embedder.fingerprint
    snapshot = Snapshot.open(folder, embedder=embedder)
    with opened(settings) as store:
        stored = store.current_chunk_ids()
    held = [snapshot.chunk_id(row) for row in range(len(snapshot.chunk_ids))]
    if held != stored:
        raise CitewellError(
            f"snapshot {current} has {len(held)} chunks, the store {len(stored)}, not the same "
            "ones; publish again: citewell ingest PATH"
        )
    return f"snapshot {current} holds the store's {len(held)} chunks"


def confinement(_: Settings) -> str:
    """How processes that read and draw are kept apart."""
    return f"processes that read and draw have {worker_confinement()}"
