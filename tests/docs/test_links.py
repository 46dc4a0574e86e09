"""Links of the pages outside the site lead somewhere; the site's build checks its own."""

import re
from pathlib import Path

import pytest
from pymdownx.slugs import slugify

from tests.docs.pages import BESIDE, ROOT

slug = slugify(case="lower")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def anchors(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    return {slug(each.replace("`", ""), "-") for each in re.findall(r"^#+ (.*)$", text, re.M)}


@pytest.mark.parametrize("path", [*BESIDE, ROOT / "CHANGELOG.md"], ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        assert (ROOT / name).exists(), target
        if anchor:
            assert anchor in anchors(ROOT / name if name else path), target


def test_plain_mentions_of_pages_are_of_pages_that_exist() -> None:
    rooms = ("corpus", "ingest", "index", "service", "eval", "training", "benchmarks", "tests")
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    for path in files:
        for name in re.findall(r"\bdocs/[a-z0-9/-]+\.md\b", path.read_text(encoding="utf-8")):
            assert (ROOT / name).exists(), f"{path.relative_to(ROOT)} names {name}"
