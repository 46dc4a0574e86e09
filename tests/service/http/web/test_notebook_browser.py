"""The notebook in a real browser: by keyboard from a question to a file, at two widths."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import docx
import pytest

from service.access.keys import make_key
from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.http.web.test_browser import assert_fits
from tests.service.small_collection import (
    COOPERATION,
    QUESTION,
    make_collection,
    served,
    settings_of,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(params=[400, 1280])
def page(
    browser: "Browser", tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator["Page"]:
    """A page of each width over a server that wants a key; it fails on errors of any script."""
    settings = settings_of(tmp_path_factory.mktemp("kept") / "home")
    make_collection(settings)
    errors: list[str] = []
    with Engine.open(settings) as engine:
        key, secret = make_key("analyst", ["read"], None, None)
        engine.store.create_key(key)
        with served(create_app(engine, JobWorker(engine.store, settings))) as address:
            context = browser.new_context(
                base_url=address, viewport={"width": request.param, "height": 844}
            )
            tab = context.new_page()
            tab.on("pageerror", lambda error: errors.append(str(error)))
            tab.on(
                "request",
                lambda asked: None if asked.url.startswith(address) else errors.append(asked.url),
            )
            tab.goto("/sign-in?back=/")
            tab.keyboard.type(secret)
            tab.keyboard.press("Enter")
            tab.wait_for_url(f"{address}/")
            tab.on(
                "console", lambda said: errors.append(said.text) if said.type == "error" else None
            )
            yield tab
            context.close()
    assert errors == []


def test_by_keyboard_from_a_question_to_a_word_file(page: "Page") -> None:
    page.get_by_label("Ask the collection").focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Answer").wait_for()
    page.keyboard.press("j")  # the first quote
    page.keyboard.press("Enter")  # its page beside it
    reader = page.get_by_role("complementary")
    assert reader.locator("mark").text_content() == COOPERATION
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.get_by_text("Kept in the notebook.").wait_for()
    assert_fits(page)
    page.keyboard.press("g")
    page.keyboard.press("n")
    page.get_by_role("heading", name="Notebook").wait_for()
    assert page.get_by_role("blockquote").text_content() == COOPERATION
    assert page.get_by_text("Stands as cited").is_visible()
    assert_fits(page)

    field = page.get_by_label("Note", exact=True)
    field.focus()
    page.keyboard.type("For the brief")
    page.keyboard.press("Tab")
    page.get_by_text("The note is saved.").wait_for()
    page.reload()
    assert page.get_by_label("Note", exact=True).input_value() == "For the brief"

    word = page.get_by_role("button", name="Word")
    word.focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    texts = [
        p.text for p in docx.Document(io.BytesIO(download.value.path().read_bytes())).paragraphs
    ]
    assert " ".join(COOPERATION.split()) in texts
    assert "For the brief" in texts


def test_a_kept_answer_has_an_address_and_can_be_asked_again_and_removed(page: "Page") -> None:
    page.goto(f"/?q={QUESTION}")
    page.get_by_role("button", name="Keep the answer").click()
    page.get_by_text("Kept in the notebook.").wait_for()
    page.goto("/notebook")
    page.get_by_role("link", name=QUESTION).click()
    page.get_by_text("Every quote stands as it was cited.").wait_for()
    assert page.get_by_text("The signature of this collection is valid.").is_visible()
    assert_fits(page)
    page.get_by_role("link", name="Ask again now").click()
    page.get_by_text("Nothing: the same outcome with the same quotes.").wait_for()
    assert_fits(page)
    page.goto("/notebook")
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("Removed from the notebook.").wait_for()
    assert page.locator(".note").count() == 0
    page.reload()
    assert page.get_by_text("Nothing is kept yet").is_visible()
