"""Finding in a real browser: Enter searches, the matrix is sorted, a cell opens its mentions."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.http.web.test_browser import assert_fits
from tests.service.small_collection import make_collection, served, settings_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = settings_of(tmp_path_factory.mktemp("found") / "home")
    make_collection(settings)
    with (
        Engine.open(settings) as engine,
        served(create_app(engine, JobWorker(engine.store, settings))) as address,
    ):
        yield address


@pytest.fixture(params=[400, 1280])
def page(browser: "Browser", address: str, request: pytest.FixtureRequest) -> Iterator["Page"]:
    errors: list[str] = []
    tab = browser.new_page(base_url=address, viewport={"width": request.param, "height": 844})
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield tab
    tab.close()
    assert errors == []


def titles(page: "Page") -> list[str]:
    shown = page.locator(".matrix tbody tr:visible th a")
    return [text.strip() for text in shown.all_text_contents()]


def test_a_cell_opens_its_mentions_and_a_mention_its_page(page: "Page") -> None:
    page.goto("/find")
    page.get_by_label("Find every mention").fill("Almaty Process, Budapest Process")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="5 mentions in 2 of 3 documents").wait_for()
    assert titles(page) == ["Almaty & co", "Budapest", "Colombo"]
    assert_fits(page)

    page.get_by_role("columnheader", name="Title").get_by_role("link").click()
    page.get_by_role("columnheader", name="Title").get_by_role("link").click()
    assert titles(page) == ["Colombo", "Budapest", "Almaty & co"]
    assert "sort=-title" in page.url

    page.get_by_role("link", name="2 documents never mention Almaty Process").click()
    assert titles(page) == ["Colombo", "Budapest"]
    page.reload()
    assert titles(page) == ["Colombo", "Budapest"]
    page.get_by_role("link", name="2 documents never mention Almaty Process").click()
    page.get_by_role("link", name="3 mentions of Almaty Process in Almaty & co").press("Enter")
    page.get_by_role("heading", name="3 mentions of Almaty Process in Almaty & co").wait_for()
    assert page.evaluate("document.activeElement.id") == "mentions-title"

    page.get_by_role("link", name="page i (1 in the file) (mention 2)").click()
    reader = page.get_by_role("complementary", name="Almaty & co")
    assert reader.locator("mark").text_content() == "Almaty Process"
    assert_fits(page)
    page.keyboard.press("Escape")
    assert not reader.is_visible()
