"""The library in a real browser: files dropped on it, a description edited, a document deleted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.http.web.test_browser import assert_fits
from tests.service.small_collection import make_collection, pdf_of, served, settings_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

REPORT = "# A report on quokkas\n\nThe Quokka Council met in Perth in 2021.\n"
# What a drag from the desktop ends with: a drop event with files.
DROP = """(files) => {
  const carried = new DataTransfer();
  for (const [name, text] of files) carried.items.add(new File([text], name));
  for (const kind of ["dragenter", "drop"])
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true }));
}"""


@pytest.fixture
def empty() -> bool:
    return False


@pytest.fixture(params=[400, 1280])
def page(
    browser: "Browser",
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    empty: bool,
) -> Iterator["Page"]:
    """A page of each width over a server of its own; it fails on errors of any script."""
    settings = settings_of(tmp_path_factory.mktemp("library") / "home")
    if not empty:
        make_collection(settings)
    errors: list[str] = []
    with (
        Engine.open(settings) as engine,
        served(create_app(engine, JobWorker(engine.store, settings))) as address,
    ):
        context = browser.new_context(
            base_url=address, viewport={"width": request.param, "height": 844}
        )
        tab = context.new_page()
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.on(
            "request",
            lambda asked: (
                None if asked.url.startswith((address, "blob:")) else errors.append(asked.url)
            ),
        )
        yield tab
        context.close()
    assert errors == []


def test_dropped_files_are_read_and_a_bad_one_says_why(page: "Page") -> None:
    page.goto("/library")
    page.evaluate(DROP, [["quokkas.md", REPORT], ["broken.pdf", "%PDF-1.7 of nothing"]])
    sent = page.get_by_role("list", name="Add documents").get_by_role("listitem")
    page.locator("#sent li[data-state=done]").wait_for()
    page.locator("#sent li[data-state=failed]").wait_for()
    assert sent.count() == 2
    broken = sent.filter(has_text="broken.pdf")
    assert broken.locator(".why").text_content()
    assert_fits(page)
    page.get_by_role("link", name="Show").click()
    page.get_by_role("link", name="A report on quokkas").first.click()
    assert page.get_by_role("heading", level=1).text_content() == "A report on quokkas"
    assert_fits(page)


def test_a_description_is_edited_where_it_stands(page: "Page") -> None:
    page.goto("/library")
    page.get_by_role("link", name="Colombo").first.click()
    page.get_by_text("Edit the description").click()
    page.get_by_label("Organisation").fill("ILO")
    page.get_by_label("Date").fill("yesterday")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").filter(has_text="yesterday").wait_for()
    assert page.get_by_label("Organisation").input_value() == "ILO"  # what was typed stays
    page.get_by_label("Date").fill("2021-05")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    known = page.locator("#known").text_content() or ""
    assert "ILO" in known
    assert "May 2021" in known
    assert_fits(page)


def test_a_document_is_deleted_with_its_receipt(page: "Page") -> None:
    page.goto("/library")
    page.get_by_role("link", name="Colombo").first.click()
    page.get_by_role("button", name="Delete this document").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Delete this document").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("heading", name="Receipt of the deletion").wait_for()
    assert_fits(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the receipt").click()
    receipt = json.loads(Path(download.value.path()).read_text())
    assert receipt["pages"] == 1
    assert receipt["signature"]
    page.get_by_role("main").get_by_role("link", name="Library").click()
    page.get_by_text("2 documents").wait_for()


@pytest.mark.parametrize("empty", [True])
def test_the_first_visit_says_the_one_thing_to_do_and_does_it(page: "Page") -> None:
    page.goto("/")
    assert page.get_by_label("Ask the collection").count()
    page.locator("#files").set_input_files(
        {
            "name": "forum.pdf",
            "mimeType": "application/pdf",
            "buffer": pdf_of(["The Northern Forum met in Oslo in 2019."]),
        }
    )
    page.locator("#sent li[data-state=done]").wait_for()
    page.goto("/?q=Where+did+the+Northern+Forum+meet%3F")
    assert "met in Oslo" in (page.locator(".citations blockquote").first.text_content() or "")
