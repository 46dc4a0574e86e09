"""RTF documents to pages, by striprtf."""

import re

from corpus.errors import ReadError
from ingest.readers.document.draft import Draft
from ingest.readers.document.formats import RTF
from ingest.readers.document.reader import Reading
from ingest.readers.document.titles import believed_title
from ingest.readers.document.versions import VERSIONS
from ingest.readers.text.text_headings import find_headings

_PARAGRAPH = re.compile(r"\n+")
_CELLS = "|"
_INFO = re.compile(rb"\{\\(title|author|company)\s+([^{}\\]{1,300})\}")


class RtfReader:
    """Reads RTF. Headings are told by their numbers; a page is some thousand characters.

    Left out: headers and footers, notes in destinations that striprtf does not know, pictures.
    """

    media_type = RTF
    version = VERSIONS[media_type]

    def read(self, content: bytes, *, password: str | None = None) -> Reading:  # noqa: ARG002
        """Return the pages. Raises: ReadError."""
        if not content.lstrip().startswith(b"{\\rtf"):
            raise ReadError("A file that is no RTF. Expected {\\rtf at its start; save it again.")
        from striprtf.striprtf import rtf_to_text

        try:
            text: str = rtf_to_text(  # type: ignore[no-untyped-call]
                content.decode("latin-1"), errors="replace"
            )
        except Exception as error:
            raise ReadError(
                f"An RTF document that is damaged ({type(error).__name__}: {error}). "
                "Expected a file that a word processor opens; save it again."
            ) from error
        draft = _written(text)
        if draft.is_empty:
            raise ReadError("An RTF document without text. Expected some; check the file.")
        info = dict(_INFO.findall(content[:65536]))
        return Reading(
            pages=draft.pages(),
            headings=draft.headings,
            title=believed_title(_info(info, b"title")) or believed_title(draft.opening),
            publisher=_info(info, b"company") or _info(info, b"author"),
        )


def _info(found: dict[bytes, bytes], name: bytes) -> str | None:
    return " ".join(found[name].decode("cp1252", "replace").split()) if name in found else None


def _written(text: str) -> Draft:
    draft = Draft(by_section=True)
    apart = _PARAGRAPH.sub("\n\n", text)
    headings = {found.start: found for found in find_headings(apart)}
    at = 0
    for paragraph in apart.split("\n\n"):
        shown = paragraph.strip()
        start = at + len(paragraph) - len(paragraph.lstrip())
        if start in headings:
            draft.heading(headings[start].level, shown)
        else:
            cells = [cell.strip() for cell in shown.split(_CELLS)]
            draft.paragraph(" | ".join(cell for cell in cells if cell))
        at += len(paragraph) + 2
    return draft
