"""Files of every office format, made by the libraries that read them or by hand."""

import datetime
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

import docx
import odfdo
import openpyxl
import pptx
from docx.oxml.parser import parse_xml
from pptx.util import Inches

from tests.ingest.compound_file import Folder, compound_file

ROWS = (("Country", "Year", "Members"), ("Kenya", "2019", "12"), ("Peru", "2020", "7"))
WORDS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
EPOCH = datetime.datetime(2019, 5, 31, tzinfo=datetime.UTC)


def repacked(package: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return a package with parts replaced or added, and every date the same."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        contents = {name: old.read(name) for name in old.namelist()} | dict(parts)
        for name, content in contents.items():
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def docx_file() -> bytes:
    """Return a Word document with a list, a table, a footnote, a deletion and a comment's mark."""
    document = docx.Document()
    document.core_properties.title = "Yearbook of the Forum"
    document.core_properties.author = "IOM"
    document.core_properties.modified = EPOCH
    document.core_properties.language = "en"
    document.add_heading("1. Scope", level=1)
    noted = document.add_paragraph("The report is short.")
    noted._p.append(parse_xml(f'<w:r {WORDS}><w:footnoteReference w:id="2"/></w:r>'))
    changed = document.add_paragraph("It has ")
    changed._p.append(parse_xml(f"<w:del {WORDS}><w:r><w:delText>three</w:delText></w:r></w:del>"))
    changed._p.append(parse_xml(f"<w:ins {WORDS}><w:r><w:t>two</w:t></w:r></w:ins>"))
    changed.add_run(" sections.")
    hidden = document.add_paragraph().add_run("Nobody sees this.")
    hidden.font.hidden = True
    document.add_paragraph("First thing", style="List Bullet")
    document.add_paragraph("Second thing", style="List Number")
    document.add_heading("2. Method", level=2)
    table = document.add_table(rows=len(ROWS), cols=3)
    for row, values in zip(table.rows, ROWS, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    return _with_footnote(_saved(document), "See the annex.")


def _with_footnote(package: bytes, text: str) -> bytes:
    notes = (
        f'<w:footnotes {WORDS}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="2"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    with zipfile.ZipFile(io.BytesIO(package)) as held:
        relations = held.read("word/_rels/document.xml.rels")
        types = held.read("[Content_Types].xml")
    media = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = f'<Relationship Id="rIdN" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{media}"/></Types>'
    return repacked(
        package,
        {
            "word/footnotes.xml": notes.encode(),
            "word/_rels/document.xml.rels": relations.replace(
                b"</Relationships>", relation.encode()
            ),
            "[Content_Types].xml": types.replace(b"</Types>", override.encode()),
        },
    )


def pptx_file() -> bytes:
    """Return a presentation of four slides: one hidden, one empty, one with a table and notes."""
    deck = pptx.Presentation()
    deck.core_properties.modified = EPOCH
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text = "The Almaty Process"
    first.placeholders[1].text_frame.text = "It began in 2013."
    first.placeholders[1].text_frame.add_paragraph().text = "It meets every year."
    hidden = deck.slides.add_slide(deck.slide_layouts[5])
    hidden.shapes.title.text = "Hidden plans"
    hidden._element.set("show", "0")
    third = deck.slides.add_slide(deck.slide_layouts[5])
    third.shapes.title.text = "Members"
    frame = third.shapes.add_table(3, 3, Inches(1), Inches(2), Inches(6), Inches(2))
    for row, values in zip(frame.table.rows, ROWS, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    third.notes_slide.notes_text_frame.text = "Say that Kenya joined late."
    deck.slides.add_slide(deck.slide_layouts[6])
    return repacked(_saved(deck), {})


def xlsx_file() -> bytes:
    """Return a workbook: a title above the table, a second sheet, a hidden one."""
    book = openpyxl.Workbook()
    book.properties.creator = "IOM"
    book.properties.created = EPOCH.replace(tzinfo=None)
    budget = book.active
    budget.title = "Budget"
    budget.append(["Members of the Forum"])
    budget.append([])
    budget.append(["Country", "Joined", "Share", "Members"])
    budget.append(["Kenya", datetime.date(2019, 5, 31), 0.125, 12])
    budget.append(["Peru", datetime.date(2020, 1, 2), 0.5, 7.5])
    budget["C4"].number_format = budget["C5"].number_format = "0.0%"
    long = book.create_sheet("Long")
    long.append(["Number", "Name"])
    for number in range(250):
        long.append([number, f"Name {number}"])
    secret = book.create_sheet("Secret")
    secret.append(["Nobody sees this.", "Nor this"])
    secret.sheet_state = "hidden"
    return repacked(_saved(book), {})


def odt_file() -> bytes:
    """Return an OpenDocument text with a list, a table, a note, an annotation and a deletion."""
    document = odfdo.Document("text")
    document.meta.title = "Yearbook of the Forum"
    body = document.body
    body.clear()
    body.append(odfdo.Header(1, "1. Scope"))
    paragraph = odfdo.Paragraph("The report is short.")
    paragraph.insert_note(after="short.", note_id="n1", citation="1", body="See the annex.")
    paragraph.insert_annotation(after="report", body="Really?", creator="A", date=EPOCH)
    body.append(paragraph)
    body.append(odfdo.List(["First thing", "Second thing"]))
    body.append(odfdo.Header(2, "2. Method"))
    table = odfdo.Table("Members", width=3, height=len(ROWS))
    table.set_values(ROWS)
    body.append(table)
    body.append(odfdo.Paragraph("We asked."))
    return repacked(_saved(document), {})


RTF = (
    rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\info{\title Yearbook of the Forum}{\author IOM}}"
    rb"\f0 1. Scope\par\par The report is short. It costs 5 \'80.\par\par "
    rb"2. Method\par\par We asked.\par}"
)


def epub_file() -> bytes:
    """Return a book of two chapters, with navigation."""
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="OPS/book.opf" '
        'media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    items = "".join(
        f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"{extra}/>'
        for name, extra in (("nav", ' properties="nav"'), ("one", ""), ("two", ""))
    )
    book = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>Yearbook of the Forum</dc:title><dc:language>en</dc:language>"
        "<dc:publisher>IOM</dc:publisher><dc:date>2019-05-31</dc:date></metadata>"
        f'<manifest>{items}</manifest><spine><itemref idref="nav"/><itemref idref="one"/>'
        '<itemref idref="two"/></spine></package>'
    )
    head = '<html xmlns="http://www.w3.org/1999/xhtml"><body>'
    chapters = {
        "one": f"{head}<h1>Scope</h1><p>The report is short.</p></body></html>",
        "two": f"{head}<h1>Method</h1><p>We asked.</p></body></html>",
        "nav": f"{head}<nav><a href='one.xhtml'>Scope</a></nav></body></html>",
    }
    return zip_of(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": container.encode(),
            "OPS/book.opf": book.encode(),
            **{f"OPS/{name}.xhtml": text.encode() for name, text in chapters.items()},
        }
    )


def eml_file(attachments: Mapping[str, bytes] | None = None) -> bytes:
    """Return a message, with attachments by name."""
    message = EmailMessage()
    message["From"] = "Ana Ruiz <ana@example.org>"
    message["To"] = "Board <board@example.org>"
    message["Subject"] = "Minutes of the Forum"
    message["Date"] = "Fri, 31 May 2019 10:00:00 +0000"
    message.set_content("The Forum met.\n\nIt decided to meet again in June.\n")
    for name, content in (attachments or {}).items():
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    message.set_boundary("=====forum=====") if attachments else None
    return message.as_bytes()


def msg_file(attachments: Mapping[str, bytes] | None = None) -> bytes:
    """Return an Outlook message, with attachments by name."""
    root = _storage(
        bytes(8) + struct.pack("<IIII", 0, len(attachments or {}), 0, 0) + bytes(8),
        {
            "__substg1.0_0037001F": "Minutes of the Forum".encode("utf-16-le"),
            "__substg1.0_0C1A001F": "Ana Ruiz".encode("utf-16-le"),
            "__substg1.0_0C1F001F": "ana@example.org".encode("utf-16-le"),
            "__substg1.0_1000001F": "The Forum met.\r\n\r\nIt decided.\r\n".encode("utf-16-le"),
        },
    )
    root.folders["__nameid_version1.0"] = Folder()
    for number, (name, content) in enumerate((attachments or {}).items()):
        method = struct.pack("<HHIQ", 0x0003, 0x3705, 6, 1)
        root.folders[f"__attach_version1.0_#{number:08X}"] = _storage(
            bytes(8) + method,
            {
                "__substg1.0_3707001F": name.encode("utf-16-le"),
                "__substg1.0_37010102": content,
            },
        )
    return compound_file(root)


def _storage(head: bytes, streams: dict[str, bytes]) -> Folder:
    """Return a storage with a property stream that lists its streams."""
    entries = [
        struct.pack("<IIQ", int(name[-8:], 16), 6, len(content))
        for name, content in streams.items()
    ]
    return Folder({"__properties_version1.0": head + b"".join(entries), **streams})


def zip_of(members: Mapping[str, bytes] | Sequence[tuple[str, bytes]]) -> bytes:
    """Return a ZIP archive; the first member is stored, as packages want it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        listed = members.items() if isinstance(members, Mapping) else members
        for index, (name, content) in enumerate(listed):
            kind = zipfile.ZIP_STORED if index == 0 else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, kind)
    return out.getvalue()


def _saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()
