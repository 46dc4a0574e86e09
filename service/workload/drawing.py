"""Pages that are drawn for those who ask: a few at once, in processes of their own."""

from collections.abc import Sequence

from corpus.closing import Closing
from corpus.ids import DocId
from ingest.pages.drawing import DRAWING_LIMITS, DrawingWorkers
from ingest.workers.limited_workers import WorkerLimits
from service.citations.page import Pages, page_image
from service.citations.referencing import Style
from service.keeping.files import Form, NotebookFile, notebook_file
from service.keeping.keeping import Notebook
from service.receipts.cited_page import page_pdf
from service.settings.settings import Settings
from service.workload.fair_queue import FairQueue

WAITING_A_WORKER = 16


class Drawing(Closing):
    """Draws pages of a store, without a thread that a question or a key's check would need.

    Raises: as `page_image` and `page_pdf`; BusyError if too many wait already.
    """

    def __init__(self, settings: Settings) -> None:
        workers = settings.drawing_workers
        limits = WorkerLimits(settings.draw_timeout_s, DRAWING_LIMITS.memory_bytes, workers)
        self._workers = DrawingWorkers(limits)
        self._desk = FairQueue(
            at_once=workers, waiting=WAITING_A_WORKER * workers, what="pages are being drawn"
        )

    async def image(
        self,
        store: Pages,
        doc_id: DocId,
        number: int,
        highlights: Sequence[str],
        *,
        scale: float = 2.0,
        sender: str = "",
    ) -> bytes:
        """Return the page of a PDF as PNG, `scale` pixels a point, ranges of its text marked.

        `sender` is the key or the address that asks.
        """
        return await self._desk.run(
            sender, page_image, store, self._workers, doc_id, number, highlights, scale=scale
        )

    async def alone(
        self,
        store: Pages,
        doc_id: DocId,
        number: int,
        highlights: Sequence[str],
        *,
        sender: str = "",
    ) -> bytes:
        """Return one page of a PDF as a PDF, ranges of its text highlighted."""
        return await self._desk.run(
            sender, page_pdf, store, self._workers, doc_id, number, highlights
        )

    async def notebook(
        self, notebook: Notebook, form: Form, style: Style, *, sender: str = ""
    ) -> NotebookFile:
        """Return all notes as a file. Raises: as `notebook_file`."""
        return await self._desk.run(sender, notebook_file, notebook, form, style, self._workers)

    def close(self) -> None:
        """End the worker processes."""
        self._workers.close()
