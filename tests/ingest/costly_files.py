"""Small files that take a viewer or a reader very long."""

import io
import zipfile
import zlib
from collections.abc import Sequence

_SIDE = b"0 0 7000 7000"


def soft_mask_pdf(times: int = 400) -> bytes:
    """Return a PDF of one page of about a thousand bytes: a soft mask, painted so many times.

    The page is as large as an image of it may become. PDFium makes the mask anew each time that
    something is painted through it.
    """
    shape = _SIDE + b" re f "
    paint = zlib.compress(b"BT /F 12 Tf 72 720 Td (A page.) Tj ET /G gs " + shape * times, 9)
    mask = zlib.compress(b"0.9 g " + shape * 20, 9)
    form = b"/Type/XObject/Subtype/Form/BBox[" + _SIDE + b"]/Group<</S/Transparency/CS/DeviceGray>>"
    return _file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[" + _SIDE + b"]/Contents 4 0 R/Resources"
            b"<</ExtGState<</G 5 0 R>>/Font<</F 7 0 R>>>>>>",
            b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(paint), paint),
            b"<</SMask<</S/Luminosity/G 6 0 R>>>>",
            b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (form, len(mask), mask),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + head + table + end


def expanding_epub(paragraphs: int = 2_000, times: int = 200) -> bytes:
    """Return an EPUB book of about a thousand bytes: one chapter, in the order so many times."""
    out = io.BytesIO()
    chapter = "<p>The Forum met in Geneva again.</p>" * paragraphs
    order = '<itemref idref="one"/>' * times
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
            '<rootfiles><rootfile full-path="book.opf"/></rootfiles></container>',
        )
        book.writestr(
            "book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
            '<item id="one" href="1.xhtml" media-type="application/xhtml+xml"/>'
            f"</manifest><spine>{order}</spine></package>",
        )
        book.writestr("1.xhtml", f"<html><body>{chapter}</body></html>")
    return out.getvalue()
