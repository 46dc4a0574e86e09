"""Files that would do harm if they could."""

import io
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import pypdf
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from tests.ingest.office_files import (
    RTF,
    docx_file,
    eml_file,
    epub_file,
    msg_file,
    odt_file,
    pptx_file,
    repacked,
    xlsx_file,
    zip_of,
)
from tests.ingest.pdf_files import pdf_of

XXE = (
    b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>"
    b"<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><x>&e;&b;</x>"
)
PARTS = {
    "docx": "word/document.xml",
    "pptx": "ppt/presentation.xml",
    "xlsx": "xl/workbook.xml",
    "odt": "content.xml",
    "epub": "OPS/book.opf",
}
MEGABYTE = 1024**2


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file, and what is wrong with it."""

    kind: str
    name: str
    content: bytes


def hostile_files(number: int, chance: random.Random) -> Iterator[Hostile]:
    """Yield files: one in ten is made to be hostile, the others are sound files mutated.

    The same number and seed give the same files.
    """
    sound = sound_files()
    made = list(_made(sound))
    names = sorted(sound)
    for index in range(number):
        if index % 10 == 0:
            kind, name, make = made[index // 10 % len(made)]
            yield Hostile(kind, name, make())
            continue
        name = names[chance.randrange(len(names))]
        kind = chance.choice(("cut", "flipped", "spliced", "repeated", "overwritten"))
        content = _mutated(kind, sound[name], sound[chance.choice(names)], chance)
        yield Hostile(kind, f"{kind}-{index}.{name}", content)


def sound_files() -> dict[str, bytes]:
    """Return a sound file of each format, by its ending."""
    lines = [[f"Head {n}", "1. Scope", "The report is short.", f"{n}"] for n in range(1, 6)]
    html = "<html><title>A</title><body>" + "<h2>Part</h2><p>Words.</p>" * 50 + "</body></html>"
    return {
        "pdf": pdf_of(lines, title="Yearbook"),
        "docx": docx_file(),
        "pptx": pptx_file(),
        "xlsx": xlsx_file(),
        "odt": odt_file(),
        "rtf": RTF,
        "epub": epub_file(),
        "eml": eml_file({"a.txt": b"Words.", "b.docx": docx_file()}),
        "msg": msg_file({"a.txt": b"Words."}),
        "html": html.encode(),
        "md": b"---\ntitle: A\n---\n# Scope\n\nWords.\n" * 20,
        "txt": "Señor, the report is short.\n".encode() * 50,
        "csv": b"Country,Members\nKenya,12\nPeru,7\n" * 20,
        "zip": zip_of({"a.txt": b"Words.", "b.docx": docx_file(), "c.eml": eml_file()}),
    }


def _mutated(kind: str, content: bytes, other: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    if kind == "cut":
        return content[:at]
    if kind == "spliced":
        return content[:at] + other[chance.randrange(len(other)) :]
    if kind == "repeated":
        end = min(len(content), at + chance.randrange(1, 2000))
        return content[:end] + content[at:end] * chance.randrange(1, 200) + content[end:]
    damaged = bytearray(content)
    if kind == "overwritten":
        length = min(chance.randrange(1, 512), len(content) - at)
        damaged[at : at + length] = chance.randbytes(length)
    else:
        for _ in range(chance.randrange(1, 60)):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _made(sound: Mapping[str, bytes]) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """Yield each kind of hostile file with what makes it."""
    for ending, part in PARTS.items():
        hostile = {"entities": {part: XXE}, "deep": {part: _deep(50_000)}}
        for kind, parts in hostile.items():
            yield kind, f"x.{ending}", partial(repacked, sound[ending], parts)
        yield "bomb", f"x.{ending}", partial(_bomb, sound[ending])
    yield "bomb", "x.zip", lambda: zip_of({"a.txt": b"A", "b.txt": bytes(200 * MEGABYTE)})
    yield "nested", "x.zip", _nested
    yield "crowd", "x.zip", lambda: zip_of({f"{n}.txt": b"A" for n in range(6_000)})
    yield "overlapping", "x.zip", _overlapping
    yield (
        "slip",
        "x.zip",
        lambda: zip_of({"../../a.txt": b"A", "/etc/b.txt": b"B", "..\\c.txt": b"C"}),
    )
    yield "slip", "x.eml", lambda: eml_file({"../../a.txt": b"Words.", "/etc/passwd": b"x"})
    yield "deep", "x.html", lambda: b"<div>" * 200_000 + b"Words." + b"</div>" * 200_000
    yield "deep", "x.md", lambda: b">" * 100_000 + b" Words."
    yield "deep", "y.md", lambda: b"[" * 100_000 + b"Words." + b"](" * 50_000
    yield "deep", "x.rtf", lambda: b"{\\rtf1 " + b"{\\b " * 200_000 + b"Words."
    yield "deep", "x.eml", _deep_message
    yield "wide", "x.csv", lambda: b"a," * 2_000_000 + b"\n1\n"
    yield "wide", "x.txt", lambda: b"word" * 2_000_000
    yield "14,400 points", "x.pdf", _large_page
    yield "cyclic", "x.pdf", lambda: _cyclic(sound["pdf"])
    yield "cyclic", "x.msg", lambda: _cyclic_sectors(sound["msg"])
    yield "bomb", "x.pdf", _stream_bomb
    yield "many pages", "x.pdf", lambda: _many_pages(sound["pdf"])


def _bomb(package: bytes) -> bytes:
    return repacked(package, {"z.xml": bytes(64 * MEGABYTE)})


def _deep(levels: int) -> bytes:
    return b"<x>" * levels + b"</x>" * levels


def _nested() -> bytes:
    content = zip_of({"a.txt": b"Bottom."})
    for _ in range(6):
        content = zip_of({f"{n}.zip": content for n in range(3)})
    return content


def _overlapping() -> bytes:
    """Return an archive whose directory names the same bytes a thousand times."""
    content = zip_of({"a.txt": b"A", "b.txt": bytes(MEGABYTE)})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.start_dir
    end = content.index(b"PK\x05\x06")
    second = content.index(b"PK\x01\x02", start + 4)
    directory = content[start:second] + content[second:end] * 1000
    tail = bytearray(content[end:])
    tail[8:10] = tail[10:12] = (1001).to_bytes(2, "little")
    tail[12:16] = len(directory).to_bytes(4, "little")
    return content[:start] + directory + bytes(tail)


def _deep_message() -> bytes:
    content = b"Subject: bottom\n\nWords.\n"
    for _ in range(300):
        content = b"Subject: x\nContent-Type: message/rfc822\n\n" + content
    return content


def _large_page() -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(3):
        writer.add_blank_page(14_400, 14_400)
    return _written(writer)


def _cyclic(content: bytes) -> bytes:
    """Return a PDF whose outline, page tree and form contain themselves."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    outline = DictionaryObject({NameObject("/Title"): TextStringObject("Loop")})
    reference = writer._add_object(outline)
    for key in ("/First", "/Last", "/Next", "/Parent"):
        outline[NameObject(key)] = reference
    writer.root_object[NameObject("/Outlines")] = reference
    labels = DictionaryObject()
    labels_at = writer._add_object(labels)
    labels[NameObject("/Kids")] = ArrayObject([labels_at])
    writer.root_object[NameObject("/PageLabels")] = labels_at
    form = StreamObject()
    form_at = writer._add_object(form)
    form.set_data(b"/F Do")
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject([NumberObject(n) for n in (0, 0, 9, 9)]),
            NameObject("/Resources"): DictionaryObject(
                {NameObject("/XObject"): DictionaryObject({NameObject("/F"): form_at})}
            ),
        }
    )
    page = writer.pages[0]
    page[NameObject("/Resources")] = form[NameObject("/Resources")]
    return _written(writer)


def _cyclic_sectors(content: bytes) -> bytes:
    """Return a compound file whose directory goes on with itself for ever."""
    damaged = bytearray(content)
    for entry in range(512, 1024, 4):
        if damaged[entry : entry + 4] == b"\xfe\xff\xff\xff":
            damaged[entry : entry + 4] = (1).to_bytes(4, "little")
    return bytes(damaged)


def _stream_bomb() -> bytes:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(600, 800)
    stream = StreamObject()
    stream.set_data(b"q Q " * (32 * MEGABYTE))
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    return _written(writer)


def _many_pages(content: bytes) -> bytes:
    """Return a PDF whose page tree names one page two thousand times."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    tree = writer.root_object["/Pages"].get_object()
    kids = tree["/Kids"]  # type: ignore[index]
    tree[NameObject("/Kids")] = ArrayObject([kids[0]] * 2_000)  # type: ignore[index]
    tree[NameObject("/Count")] = NumberObject(2_000)  # type: ignore[index]
    return _written(writer)


def _written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
