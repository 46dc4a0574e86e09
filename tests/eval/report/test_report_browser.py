"""A report in a real browser: every width, no request, sorting."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.eval.report.report_files import citewell_report, write_report_files

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(params=[(400, "light"), (1400, "dark")], ids=["narrow", "wide"])
def page(browser: "Browser", tmp_path: Path, request: pytest.FixtureRequest) -> Iterator["Page"]:
    """A full report, at a width, that fails the test on any message or foreign request."""
    assert citewell_report(*write_report_files(tmp_path)).exit_code == 0
    address = (tmp_path / "report.html").as_uri()
    width, scheme = request.param
    problems: list[str] = []
    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("console", lambda said: problems.append(said.text))
    tab.on(
        "request",
        lambda asked: None if asked.url == address else problems.append(f"asked for {asked.url}"),
    )
    tab.goto(address)
    yield tab
    tab.close()
    assert problems == []


def query_ids(page: "Page") -> list[str | None]:
    return [each.get_attribute("data-name") for each in page.locator(".query").all()]


def test_nothing_is_wider_than_the_window_with_everything_open(page: "Page") -> None:
    for summary in page.locator("summary").all():
        summary.click()
    assert page.get_by_text("Relevant, but not among the first 2:").first.is_visible()
    assert page.viewport_size
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]
    cut_off = (
        "e => e.filter(each => each.scrollWidth > each.clientWidth).map(each => each.ariaLabel)"
    )
    assert page.locator(".wide").evaluate_all(cut_off) == []


def test_queries_are_sorted_by_value_difference_and_id(page: "Page") -> None:
    # nDCG@10 of hybrid: q2 1, q3 0.63, q1 lowest; of lexical: q1 0.83, q2 0.43, q3 0.
    assert query_ids(page) == ["q1", "q3", "q2"]
    order = page.get_by_label("Order")
    order.select_option(label="nDCG@10 of hybrid, highest first")
    assert query_ids(page) == ["q2", "q3", "q1"]
    order.select_option(label="nDCG@10 of lexical, highest first")
    assert query_ids(page) == ["q1", "q2", "q3"]
    order.select_option(label="lexical loses most against hybrid")
    assert query_ids(page) == ["q3", "q2", "q1"]
    order.select_option(label="Query id")
    assert query_ids(page) == ["q1", "q2", "q3"]


def test_plots_have_a_name_for_those_who_do_not_see_them(page: "Page") -> None:
    names = [each.get_attribute("aria-labelledby") for each in page.get_by_role("img").all()]
    assert "recall-title recall-text" in names
    assert page.get_by_role("img", name="Precision by recall").is_visible()
