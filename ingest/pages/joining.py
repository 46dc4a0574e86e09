"""Pages taken out of several PDFs as one PDF, each with a comment and its place in the outline."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.pages.excerpting import pypdf_of, written


@dataclass(frozen=True, slots=True)
class Part:
    """A PDF to join, its title in the outline, and a comment on its first page; empty for none."""

    content: bytes
    title: str
    comment: str


def joined(first: bytes, parts: Sequence[Part], title: str) -> bytes:
    """Return the parts as one PDF, in order; `first` is the content of the first one.

    The comment is a text annotation, which viewers show as a note. Page labels are kept. Raises:
    what pypdf raises for a file that it cannot read.
    """
    import pypdf
    from pypdf.annotations import Text

    writer = pypdf.PdfWriter()
    labels: list[str] = []
    for number, part in enumerate(parts):
        reader = pypdf_of(first if number == 0 else part.content)
        labels += reader.page_labels
        begins = len(writer.pages)
        for page in reader.pages:
            writer.add_page(page)
        writer.add_outline_item(title=part.title, page_number=begins)
        if part.comment:
            page = writer.pages[begins]
            left, top = float(page.cropbox.left) + 12, float(page.cropbox.top) - 12
            note = Text(
                rect=(left, top - 20, left + 20, top), text=part.comment, title_bar="citewell"
            )
            writer.add_annotation(page, note)
    for index, label in enumerate(labels):
        writer.set_page_label(index, index, prefix=label)
    writer.add_metadata({"/Title": title, "/Producer": "citewell"})
    return written(writer)
