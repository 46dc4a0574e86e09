"""How many clicks and keys five tasks of an analyst take in the browser; how soon a quote shows.

The bundled briefs are served; Chromium does each task as a person would. A click, a choice, a key
other than typed text, and a drop of files count one each; text that is typed counts one, whatever
its length. The time until the first quote of an answer is visible is set beside that of
`POST /v1/ask` for the same question, in turn. Exit 1 where a task does not reach its end.

    python -m benchmarks.pages.steps [--rounds 9] [--doubles]
"""

import argparse
import io
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import httpx2

from benchmarks.performance.serving import served
from tests.service.command_line import OFFLINE_DOUBLES, CommandLine

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

REPORTS = Path(__file__).parents[2] / "corpus" / "reports"
QUESTION = "Which ISCMs does the Almaty Process plan to cooperate with?"
COMPARISON = "Compare the Budapest Process and the Bali Process"
QUESTIONS = (
    QUESTION,
    "When was the Budapest Process established?",
    "Who chairs the Bali Process?",
    "Which countries are members of the Colombo Process?",
)
DROP = """(files) => {
  const carried = new DataTransfer();
  for (const [name, data] of files)
    carried.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name));
  for (const kind of ["dragenter", "drop"])
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true }));
}"""

# From the key to the frame in which the first quote stands, by the browser's own clock.
TIMED = """() => new Promise((done) => {
  let began;
  const begin = () => { began = performance.now(); };
  document.addEventListener("keydown", begin, { capture: true, once: true });
  const seen = new MutationObserver(() => {
    if (!document.querySelector("#result .citations blockquote, #result .draft p")) return;
    seen.disconnect();
    requestAnimationFrame(() => done((performance.now() - began) / 1000));
  });
  seen.observe(document.querySelector("#result"), { childList: true, subtree: true });
})"""


@dataclass
class Hand:
    """Does what a person does on a page, and counts it."""

    page: "Page"
    acts: int = 0

    def click(self, target: "Locator") -> None:
        """Click."""
        self.acts += 1
        target.click()

    def type(self, text: str) -> None:
        """Type a text where the keyboard is."""
        self.acts += 1
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        """Press a key."""
        self.acts += 1
        self.page.keyboard.press(key)

    def drop(self, paths: list[Path]) -> None:
        """Drop files on the page."""
        import base64

        self.acts += 1
        files = [[each.name, base64.b64encode(each.read_bytes()).decode()] for each in paths]
        self.page.evaluate(DROP, files)


def upload(hand: Hand) -> None:
    """Upload ten reports, and see what could not be read."""
    hand.click(hand.page.get_by_role("link", name="Library"))
    hand.page.locator("#upload .drop:not([hidden])").wait_for(state="attached")
    hand.drop(sorted(REPORTS.glob("*.pdf"))[-10:])
    hand.page.locator("#upload-show:not([hidden])").wait_for(timeout=300_000)
    assert hand.page.locator("#sent li").count() == 10
    hand.page.locator("#sent .state .faint").first.wait_for()  # pages, and those in doubt


def ask(hand: Hand) -> None:
    """Ask, check a quote on its page, keep it with its reference."""
    hand.type(QUESTION)
    hand.press("Enter")
    hand.page.locator(".citations blockquote").first.wait_for(timeout=60_000)
    hand.click(hand.page.get_by_role("link", name="Show on the page (citation 1)"))
    hand.page.locator("#reader mark, #reader img").first.wait_for()
    hand.press("s")
    hand.page.get_by_text("Kept in the notebook.").wait_for()


def compare(hand: Hand) -> None:
    """Compare two reports."""
    hand.type(COMPARISON)
    hand.press("Enter")
    hand.page.locator(".columns section").nth(1).wait_for(timeout=60_000)


def find(hand: Hand) -> None:
    """Find who never mentions a term."""
    hand.click(hand.page.get_by_role("link", name="Find"))
    hand.page.locator("table, form").first.wait_for()
    hand.press("/")  # the field
    hand.type("trafficking")
    hand.press("Enter")
    hand.page.locator("table").first.wait_for()
    hand.click(hand.page.locator("a[data-without]").first)
    hand.page.locator("table tbody tr").first.wait_for()


def export(hand: Hand) -> None:
    """Save a page of cited quotes as a Word document."""
    import docx

    hand.click(hand.page.get_by_role("link", name="Notebook"))
    with hand.page.expect_download() as download:
        hand.click(hand.page.get_by_role("button", name="Word"))
    word = docx.Document(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert any("Almaty" in paragraph.text for paragraph in word.paragraphs)


TASKS: tuple[Callable[[Hand], None], ...] = (upload, ask, compare, find, export)


def first_quote(page: "Page", address: str, rounds: int) -> dict[str, float]:
    """Return medians: seconds until a quote is visible, of the API, and of their ratio."""
    client = httpx2.Client(base_url=address, timeout=60)
    shown: list[float] = []
    api: list[float] = []
    for number in range(rounds):
        question = QUESTIONS[number % len(QUESTIONS)]
        for turn in (0, 1) if number % 2 else (1, 0):  # neither is always the second to ask
            page.goto(address)
            page.get_by_label("Ask the collection").fill(question)
            if turn:
                page.evaluate(f"() => {{ window.shown = ({TIMED})(); }}")
                page.keyboard.press("Enter")
                shown.append(page.evaluate("() => window.shown"))
            else:
                began = time.perf_counter()
                client.post("/v1/ask", json={"question": question})
                api.append(time.perf_counter() - began)
    ratio = median(a / b for a, b in zip(shown, api, strict=True))
    return {"page_s": median(shown), "api_s": median(api), "ratio": ratio}


def main() -> int:
    """Run the study and print what was found."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pages.steps",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=9, help="Questions that are timed.")
    parser.add_argument("--doubles", action="store_true", help="Offline doubles of the models.")
    options = parser.parse_args()
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="citewell-steps-") as folder, sync_playwright() as play:
        cli = CommandLine(Path(folder) / "home", OFFLINE_DOUBLES if options.doubles else {})
        cli.run("ingest", *map(str, sorted(REPORTS.glob("*.pdf"))[:16]))
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        with served(cli) as server:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            for task in TASKS:
                page.goto(server.address)
                hand = Hand(page)
                task(hand)
                found[task.__doc__ or ""] = hand.acts
            found["first quote"] = first_quote(page, server.address, options.rounds)
        browser.close()
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
