"""Drawing workers: a page that takes too much stops nothing but itself."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pypdf
import pytest
from PIL import Image

from corpus.errors import NotFoundError, PasswordError, ReadError
from ingest.pages.drawing import DRAWING_LIMITS, DrawingWorkers
from ingest.pages.excerpting import Excerpt, excerpt
from ingest.pages.marking import Marks
from ingest.pages.rendering import render_page
from tests.ingest.costly_files import soft_mask_pdf
from tests.ingest.pdf_files import encrypted, pdf_of

PDF = pdf_of([["One sentence here."], ["Another follows."]])
MARKS = Marks(((0, 12),))
COSTLY = soft_mask_pdf()


@pytest.fixture(scope="module")
def workers() -> Iterator[DrawingWorkers]:
    with DrawingWorkers(replace(DRAWING_LIMITS, workers=1, timeout_s=2)) as started:
        started.image(PDF, 1, MARKS)
        yield started


def test_a_page_is_drawn_and_taken_out_as_in_this_process(workers: DrawingWorkers) -> None:
    assert workers.image(PDF, 2, MARKS) == render_page(PDF, 2, MARKS)
    taken = [Excerpt(2, "ii", MARKS)]
    assert workers.excerpt(PDF, taken, "Page ii") == excerpt(PDF, taken, "Page ii")


def test_a_small_file_whose_page_takes_minutes_is_given_up_and_the_next_page_is_drawn(
    workers: DrawingWorkers,
) -> None:
    assert len(COSTLY) < 1000
    with pytest.raises(
        ReadError, match=r"Drawing page 1 took longer than the limit of 2 s\..*text"
    ):
        workers.image(COSTLY, 1, Marks())
    assert workers.image(PDF, 1, MARKS)


def test_a_costly_page_is_taken_out_without_being_drawn(workers: DrawingWorkers) -> None:
    alone = workers.excerpt(COSTLY, [Excerpt(1, "1", Marks())], "A page")
    assert "A page." in pypdf.PdfReader(io.BytesIO(alone)).pages[0].extract_text()


def test_a_page_that_took_too_long_is_not_tried_again() -> None:
    with DrawingWorkers(replace(DRAWING_LIMITS, workers=1, timeout_s=0.5)) as ended:
        for _ in range(2):
            with pytest.raises(ReadError, match="took longer"):
                ended.image(COSTLY, 1, Marks())
    with pytest.raises(ReadError, match="took longer"):
        ended.image(COSTLY, 1, Marks())


def test_errors_of_the_file_arrive_as_they_are(workers: DrawingWorkers) -> None:
    with pytest.raises(NotFoundError, match="Page 3 of a document of 2 pages"):
        workers.image(PDF, 3, Marks())
    with pytest.raises(PasswordError):
        workers.image(encrypted(PDF, user="x", owner="y"), 1, Marks())


def test_the_largest_image_fits_in_the_memory_that_a_worker_may_take() -> None:
    with DrawingWorkers(replace(DRAWING_LIMITS, workers=1, timeout_s=60)) as patient:
        image = Image.open(io.BytesIO(patient.image(soft_mask_pdf(0), 1, Marks())))
    assert image.size == (5000, 5000)


def test_a_file_that_does_not_fit_in_a_workers_memory_is_refused_and_the_next_one_drawn() -> None:
    limits = replace(DRAWING_LIMITS, workers=1, memory_bytes=600 * 1024**2)
    with DrawingWorkers(limits) as small:
        with ThreadPoolExecutor() as waiting:
            large = waiting.submit(small.image, b"%PDF-" + bytes(700 * 1024**2), 1, Marks())
            with pytest.raises(ReadError, match="more memory than the limit"):
                large.result(60)
        assert small.image(PDF, 1, MARKS)
