"""The pages of the docs, and the code blocks in them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
BESIDE = tuple(ROOT / name for name in ("README.md", "CONTRIBUTING.md"))
FENCE = re.compile(r"^( *)```([\w-]*)[^\n]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the page and line it begins on, its language (may be empty), its text."""

    page: str
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        """Where it is, for a message."""
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    """Return every page of the site, and the two that stand beside it."""
    return [*sorted(DOCS.rglob("*.md")), *BESIDE]


def blocks(*languages: str) -> list[Block]:
    """Return the blocks of these languages on pages that are not generated from help texts."""
    found = []
    for path in pages():
        if path.name == "commands.md":
            continue
        text = path.read_text(encoding="utf-8")
        for match in FENCE.finditer(text):
            if match[2] in languages:
                line = text[: match.start()].count("\n") + 1
                body = re.sub(f"^{match[1]}", "", match[3], flags=re.MULTILINE)
                found.append(Block(str(path.relative_to(ROOT)), line, match[2], body))
    return found
