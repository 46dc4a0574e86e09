"""The site builds without a warning, and asks no other host for anything."""

import functools
import http.server
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# What Material's script names and these pages never make it ask: a library for diagrams, a polyfill
# for browsers from before 2020, the stars of a repository that a header links to.
NEVER_ASKED = (
    "https://unpkg.com/mermaid@",
    "https://unpkg.com/resize-observer-polyfill",
    "https://api.github.com/",
    "https://${e}/api/v4/projects/",
    "http://www.w3.org/",  # name spaces
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    return folder


class _Resources(HTMLParser):
    """What a page loads by itself: not the links that a reader may follow."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.classes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.classes.update((values.get("class") or "").split())
        names = {"a": (), "link": ("href",)}.get(tag, ("src", "srcset", "data", "poster", "action"))
        if tag == "link" and values.get("rel") in {"canonical", "next", "prev"}:
            return
        self.found += [value for name in names if (value := values.get(name))]


def _outside(address: str) -> bool:
    return re.match(r"(https?:)?//", address.strip()) is not None


def test_pages_load_nothing_from_another_host(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        resources = _Resources()
        resources.feed(page.read_text(encoding="utf-8"))
        assert [each for each in resources.found if _outside(each)] == [], page
        assert not {"mermaid", "md-source"} & resources.classes, page


def test_style_sheets_load_nothing_from_another_host(site: Path) -> None:
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        loaded = re.findall(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)", text)
        assert [each for pair in loaded for each in pair if _outside(each)] == [], sheet


def test_scripts_name_no_other_host_to_load_from(site: Path) -> None:
    for script in site.rglob("*.js"):
        named = re.findall(r"[\"'`](https?://[^\"'`]+)", script.read_text(encoding="utf-8"))
        assert [each for each in named if not each.startswith(NEVER_ASKED)] == [], script


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@pytest.mark.browser
def test_a_browser_that_reads_and_searches_asks_no_other_host(
    browser: "Browser", address: str
) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("index.html", "reference/http.html", "explanation/answers.html"):
        page.goto(f"{address}/{path}")
        page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    page.keyboard.type("snapshot")
    page.wait_for_selector(".md-search-result__item")
    page.close()
    assert len(asked) > 10
    assert [each for each in asked if not each.startswith((address, "data:", "blob:"))] == []
