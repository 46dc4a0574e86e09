"""The formats that are read: one line each. Importing this file loads no reader."""

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from ingest.readers.document.reader import Reader


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file and who reads it.

    `reader` is `module:Class` under `ingest.readers`. `version` changes whenever the reader's
    output may; it is part of the reading fingerprint, so that documents are read again.
    """

    media_type: str
    name: str
    extensions: tuple[str, ...]
    reader: str
    version: str

    def open(self) -> Reader:
        """Return the reader, imported here: nothing heavy is loaded with the room."""
        module, name = self.reader.split(":")
        made = getattr(import_module(f"..{module}", __package__), name)
        return cast("Reader", made())


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = "application/pdf"
TEXT = "text/plain"
MARKDOWN = "text/markdown"
HTML = "text/html"
DOCX = f"{_OFFICE}wordprocessingml.document"
PPTX = f"{_OFFICE}presentationml.presentation"
XLSX = f"{_OFFICE}spreadsheetml.sheet"
CSV = "text/csv"
ODT = "application/vnd.oasis.opendocument.text"
RTF = "application/rtf"
EPUB = "application/epub+zip"
EML = "message/rfc822"
MSG = "application/vnd.ms-outlook"

# fmt: off
FORMATS = (
    Format(PDF, "PDF", (".pdf",), "pdf.pdf:PdfReader", "6"),
    Format(TEXT, "plain text", (".txt", ".text"), "text.text:TextReader", "1"),
    Format(MARKDOWN, "Markdown", (".md", ".markdown"), "text.markdown:MarkdownReader", "1"),
    Format(HTML, "HTML", (".html", ".htm", ".xhtml"), "html.html:HtmlReader", "2"),
    Format(DOCX, "Word", (".docx",), "office.docx:DocxReader", "1"),
    Format(PPTX, "PowerPoint", (".pptx",), "office.pptx:PptxReader", "1"),
    Format(XLSX, "Excel", (".xlsx", ".xlsm"), "office.xlsx:XlsxReader", "1"),
    Format(CSV, "CSV", (".csv", ".tsv"), "tables.csv_table:CsvReader", "1"),
    Format(ODT, "OpenDocument text", (".odt",), "office.odt:OdtReader", "1"),
    Format(RTF, "RTF", (".rtf",), "office.rtf:RtfReader", "1"),
    Format(EPUB, "EPUB", (".epub",), "html.epub:EpubReader", "1"),
    Format(EML, "e-mail", (".eml",), "mail.eml:EmlReader", "1"),
    Format(MSG, "Outlook message", (".msg",), "mail.msg:MsgReader", "1"),
)
# fmt: on


def format_of(extension: str) -> Format | None:
    """Return the format of a file name's ending, with its dot, in lower case."""
    return next((each for each in FORMATS if extension in each.extensions), None)


def format_named(media_type: str) -> Format | None:
    """Return the format of a media type."""
    return next((each for each in FORMATS if each.media_type == media_type), None)


def named(source: str, media_type: str) -> str:
    """Return a file name for a source, with the ending of its format where it has none of it.

    >>> named("https://example.org/report?id=3", "text/html")
    'report.html'
    """
    plain = source.split("?", 1)[0].split("#", 1)[0] if "://" in source else source
    name = plain.rstrip("/").rsplit("/", 1)[-1] or "document"
    found = format_named(media_type)
    if found is None or name.lower().endswith(found.extensions):
        return name
    return name + found.extensions[0]
