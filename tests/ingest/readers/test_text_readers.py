"""Plain text, Markdown and HTML to pages."""

import pytest

from corpus.errors import ReadError, UnsupportedError
from ingest.readers.choosing import reader_for
from ingest.readers.document.reader import Reading
from ingest.readers.html.html import HtmlReader
from ingest.readers.text.markdown import MarkdownReader
from ingest.readers.text.text import TextReader
from tests.ingest.samples import ALMATY

NUMBERED = """\
A report on mechanisms

1. Scope of the work

The work covers one year. It names:

1. first thing

2. second thing

3. third thing

1.2 Method

We asked many people about a
great deal.

Chapter 3

It ends here.
"""


def headings(reading: Reading) -> list[tuple[int, str]]:
    for heading in reading.headings:
        text = reading.pages[heading.span.page - 1].text[heading.span.start : heading.span.end]
        assert " ".join(text.split()) == heading.text or heading.text in text or text
    return [(heading.level, heading.text) for heading in reading.headings]


def test_text_is_kept_as_it_is_with_lf_line_ends() -> None:
    reading = TextReader().read(b"One.\r\nTwo.\rThree.\n")
    assert reading.pages[0].text == "One.\nTwo.\nThree.\n"


def test_form_feeds_part_pages_and_read_as_line_breaks() -> None:
    reading = TextReader().read(b"One\ftwo.\n\fThree.\n\f")
    assert [page.text for page in reading.pages] == ["One\n", "two.\n\n", "Three.\n"]


def test_numbered_and_named_lines_are_headings_and_lists_are_not() -> None:
    reading = TextReader().read(NUMBERED.encode())
    assert headings(reading) == [(1, "1. Scope of the work"), (2, "1.2 Method"), (1, "Chapter 3")]
    assert reading.title == "A report on mechanisms"


def test_underlined_lines_are_headings() -> None:
    reading = TextReader().read(b"Title here\n==========\n\nBody.\n\nPart\n----\nMore body.\n")
    assert headings(reading) == [(1, "Title here"), (2, "Part")]


@pytest.mark.data
@pytest.mark.skipif(not ALMATY.exists(), reason="../shared/data is absent")
def test_the_first_report_has_its_five_sections() -> None:
    reading = TextReader().read(ALMATY.read_bytes())
    assert reading.pages[0].text == ALMATY.read_text("utf-8")
    assert reading.title == "Summary of Findings per ISCM"
    assert headings(reading) == [
        (1, "1. Evolution of programing and thematic focus"),
        (
            1,
            "2. Contribution to migration governance at national, (inter)regional and global "
            "levels (with examples)",
        ),
        (1, "3. Salient ISCM structures"),
        (1, "4. Effective partnership models by the ISCM"),
        (
            1,
            "5. Added value of Membership in the given ISCM for States and Organizations "
            "(with examples)",
        ),
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1"]
)
def test_every_usual_encoding_is_read(encoding: str) -> None:
    text = "La reunión de la Comisión se celebró en Túnez, según el informe número ocho.\n"
    reading = TextReader().read(text.encode(encoding))
    assert reading.pages[0].text == text


def test_a_mixed_encoding_is_read_and_said() -> None:
    content = "Señor Pérez, «ciudad».\n".encode() + "Caf\xe9 \x96 noir.\n".encode("latin-1")
    (page,) = TextReader().read(content).pages
    assert page.text == "Señor Pérez, «ciudad».\nCafé – noir.\n"
    assert page.quality.grade == "B"
    assert page.quality.reason == "mixed encoding: UTF-8 with 2 bytes read as Windows-1252"


@pytest.mark.parametrize("content", [bytes(range(256)) * 20, b"", b" \n ", b"\x00" * 50])
def test_binary_and_empty_files_are_refused(content: bytes) -> None:
    with pytest.raises(ReadError, match="Expected"):
        TextReader().read(content)


MARKDOWN = """\
---
title: "The Almaty Process"
date: 2019-05-31
publisher: IOM
language: en
symbol: X/1
---

# The *Almaty* Process

Body one.

```
# not a heading
```

Partnerships
------------

Body two.
"""


def test_markdown_is_its_source_with_headings_and_front_matter() -> None:
    reading = MarkdownReader().read(MARKDOWN.encode())
    assert reading.pages[0].text == MARKDOWN
    assert [(h.level, h.text) for h in reading.headings] == [
        (1, "The Almaty Process"),
        (2, "Partnerships"),
    ]
    first = reading.headings[0].span
    assert MARKDOWN[first.start : first.end] == "The *Almaty* Process"
    assert (reading.title, reading.publisher) == ("The Almaty Process", "IOM")
    assert (reading.date, reading.language) == ("2019-05-31", "en")
    assert reading.metadata == {"symbol": "X/1"}
    (block,) = reading.blocks
    assert MARKDOWN[block.span.end :].lstrip().startswith("# The")


HTML = """<!DOCTYPE html><html lang="fr"><head><title>Rapport annuel</title>
<meta name="author" content="OIM">
<meta property="article:published_time" content="2020-01-02T03:04">
<style>p {color: red}</style></head><body><nav>Menu</nav><script>var x = "no";</script>
<h1>Un   <b>titre</b></h1><p>Premier<br>paragraphe &amp; <i>suite</i>.</p>
<ul><li>Un</li><li><p>Deux</p></li></ul>
<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>
<h2>Suite</h2>Texte nu<div>Fin.</div></body></html>"""


def test_html_is_the_text_that_a_reader_sees() -> None:
    reading = HtmlReader().read(HTML.encode())
    assert reading.pages[0].text == (
        "Un titre\n\nPremier\nparagraphe & suite.\n\n• Un\n\n• Deux\n\nA | B\n\nA: 1; B: 2\n\n"
        "Suite\n\nTexte nu\n\nFin.\n"
    )
    assert headings(reading) == [(1, "Un titre"), (2, "Suite")]
    for heading in reading.headings:
        assert reading.pages[0].text[heading.span.start : heading.span.end] == heading.text
    assert (reading.title, reading.publisher) == ("Rapport annuel", "OIM")
    assert (reading.date, reading.language) == ("2020-01-02", "fr")


def test_a_tag_that_is_no_heading_but_almost_is_text() -> None:
    reading = HtmlReader().read("<html><body><h²>Almost a heading</h²><p>Words.</p>".encode())
    assert headings(reading) == []
    assert "Almost a heading" in reading.pages[0].text


SITE = """<html><head><title>Members of the Forum</title></head><body>
<header class="site-header"><ul><li><a href="/">Home</a></li></ul></header>
<div class="main-menu"><a href="/a">About</a></div>
<div id="content"><h1 id="top">Members</h1><p>Twelve States are members.</p>
<h2><a name="fees"></a>Fees</h2><p>{long}</p><section id="votes"><h2>Votes</h2><p>One each.</p>
</section></div><ul>{links}</ul><aside>Read also</aside><footer>Imprint</footer></body></html>"""


def site() -> bytes:
    links = "".join(f'<li><a href="/{n}">Page {n}</a></li>' for n in range(9))
    return SITE.format(long="Each pays its fee. " * 200, links=links).encode()


def test_the_site_around_a_text_is_left_out_and_anchors_are_labels() -> None:
    reading = HtmlReader().read(site())
    text = "".join(page.text for page in reading.pages)
    for outside in ("Home", "About", "Page 3", "Read also", "Imprint"):
        assert outside not in text
    assert [page.label for page in reading.pages] == ["#top", "#votes"]
    assert reading.pages[1].text == "Votes\n\nOne each.\n"


def test_only_the_main_element_is_read_where_there_is_one() -> None:
    words = "The Forum met in May. " * 20
    content = f"<body><p>Welcome!</p><main><h1>Minutes</h1><p>{words}</p></main></body>"
    (page,) = HtmlReader().read(content.encode()).pages
    assert page.text == f"Minutes\n\n{words.strip()}\n"


def test_hidden_text_is_not_read() -> None:
    content = b"<p>Seen.</p><p hidden>A</p><p style='display: none'>B</p><p aria-hidden=true>C</p>"
    assert HtmlReader().read(content).pages[0].text == "Seen.\n"


def test_html_says_its_own_charset() -> None:
    content = '<html><meta charset="iso-8859-1"><body><p>Año</p></body></html>'.encode("latin-1")
    assert HtmlReader().read(content).pages[0].text == "Año\n"


def test_html_nested_deeper_than_calls_may_go_is_read() -> None:
    content = b"<html><body>" + b"<b>" * 400 + b"deep" + b"</b>" * 400
    assert HtmlReader().read(content).pages[0].text == "deep\n"


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"%PDF-1.7 ...", "renamed.txt", "application/pdf"),
        (b"plain", "a.TXT", "text/plain"),
        (b"# x", "a.md", "text/markdown"),
        (b"<p>x", "a.htm", "text/html"),
        (b"\n<!DOCTYPE HTML><p>x", "page", "text/html"),
    ],
)
def test_first_bytes_then_the_ending_choose_the_reader(
    content: bytes, name: str, media_type: str
) -> None:
    assert reader_for(content, name).media_type == media_type


@pytest.mark.parametrize(
    ("content", "name", "match"),
    [
        (b"PK\x03\x04...", "a.zip", "ZIP archive or an Office document.*Supported"),
        (b"\xd0\xcf\x11\xe0...", "a.doc", "old Office document.*Supported"),
        (b"\x89PNG....", "a.png", "PNG image.*Supported"),
        (b"words", "a.xyz", "files ending in .xyz.*Supported"),
        (b"words", "README", "without an extension.*Supported"),
    ],
)
def test_an_unknown_kind_is_named_with_what_is_supported(
    content: bytes, name: str, match: str
) -> None:
    with pytest.raises(UnsupportedError, match=match):
        reader_for(content, name)


@pytest.mark.parametrize(("content", "name"), [(b"", "a.pdf"), (b"no pdf", "a.pdf")])
def test_a_file_that_is_not_what_it_is_called_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(ReadError, match="Expected"):
        reader_for(content, name)


def test_markup_nested_without_end_is_refused_before_it_is_parsed() -> None:
    deep = b"<div>" * 200_000 + b"Words." + b"</div>" * 200_000
    with pytest.raises(ReadError, match="nested more than"):
        HtmlReader().read(deep)


def test_a_long_page_without_end_tags_is_not_nested() -> None:
    rows = b"<p>One paragraph of the page.<li>An item<td>A cell" * 10_000
    assert HtmlReader().read(b"<html><body>" + rows).pages
