"""The bundled briefs: real PDFs, each statement with its source, and up to date."""

import base64
import hashlib
import re
import shutil
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pypdfium2
import pytest

import corpus.briefs
from corpus.briefs import BundledReport, bundled_reports, manifest
from corpus.briefs.brief import (
    NOT_FOUND,
    SOURCES,
    Brief,
    printed,
    read_brief,
    references,
    sentences,
)
from corpus.errors import ReadError

SOURCES_FOLDER = Path(corpus.briefs.__file__).parent / "sources"
REPORTS = SOURCES_FOLDER.parent.parent / "reports"
SOURCE_FILES = sorted(SOURCES_FOLDER.glob("*.md"))
FACTS = Path(__file__).parents[2].parent / "shared" / "data" / "iscm" / "facts.md"

each_report = pytest.mark.parametrize("report", manifest(), ids=lambda r: r.path.stem)
each_source = pytest.mark.parametrize("path", SOURCE_FILES, ids=lambda p: p.stem)


def brief_of(report: BundledReport) -> Brief:
    return read_brief(SOURCES_FOLDER / f"{report.path.stem}.md")


def section_text(slug: str, heading: str) -> str:
    brief = read_brief(SOURCES_FOLDER / f"{slug}.md")
    (section,) = [section for section in brief.sections if section.heading == heading]
    return " ".join(block.text for block in section.blocks)


def page_texts(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    texts = [str(page.get_textpage().get_text_range()) for page in document]
    document.close()
    return texts


def running_text(report: BundledReport) -> str:
    """The text of a file without running headers and footers, each white space a single blank."""
    header = f"{report.metadata['short_title']} citewell briefs"
    bodies = []
    for text in page_texts(report.path):
        body = " ".join(text.split()).removeprefix(header)
        bodies.append(re.sub(rf"{report.symbol} \w+$", "", body).strip())
    return " ".join(bodies)


def test_there_are_26_reports_and_the_manifest_names_them_all() -> None:
    assert len(bundled_reports()) == 26
    assert bundled_reports() == sorted(REPORTS.glob("*.pdf"))
    assert [path.stem for path in bundled_reports()] == [path.stem for path in SOURCE_FILES]


def test_all_reports_together_are_smaller_than_two_and_a_half_megabytes() -> None:
    assert sum(path.stat().st_size for path in bundled_reports()) < 2_500_000


def test_about_half_of_the_reports_have_roman_front_matter() -> None:
    assert sum(brief_of(report).roman_front_matter for report in manifest()) == 13


def test_symbols_are_unique() -> None:
    assert len({report.symbol for report in manifest()}) == 26


@each_report
def test_the_manifest_says_what_is_in_the_file(report: BundledReport) -> None:
    reader = pypdf.PdfReader(report.path)
    assert report.sha256 == hashlib.sha256(report.path.read_bytes()).hexdigest()
    assert report.pages == len(reader.pages) >= 2
    assert (report.collection, report.publisher, report.language) == ("iscm", "citewell", "en")
    assert report.metadata["short_title"] in report.aliases


@each_report
def test_the_file_names_its_title_publisher_subject_and_date(report: BundledReport) -> None:
    info = pypdf.PdfReader(report.path).metadata
    assert info is not None
    assert (info.title, info.author) == (report.title, report.publisher)
    assert report.symbol in (info.subject or "")
    assert info.creation_date == datetime.fromisoformat(report.date).replace(tzinfo=UTC)


@each_report
def test_page_labels_are_roman_on_front_matter_then_arabic_from_1(report: BundledReport) -> None:
    front = ["i", "ii"] if brief_of(report).roman_front_matter else []
    body = [str(number) for number in range(1, report.pages - len(front) + 1)]
    assert pypdf.PdfReader(report.path).page_labels == front + body


@each_report
def test_the_printed_page_number_is_the_label(report: BundledReport) -> None:
    labels = pypdf.PdfReader(report.path).page_labels
    assert [text.split()[-1] for text in page_texts(report.path)] == labels


@each_report
def test_the_outline_names_every_section(report: BundledReport) -> None:
    brief = brief_of(report)
    expected = [section.heading for section in brief.sections] + [SOURCES]
    if not brief.roman_front_matter:
        expected.append("About this brief")
    outline = pypdf.PdfReader(report.path).outline
    assert [entry.title for entry in outline if not isinstance(entry, list)] == expected


@each_report
def test_every_sentence_of_the_source_can_be_read_in_the_file(report: BundledReport) -> None:
    text = running_text(report)
    blocks = [block for section in brief_of(report).sections for block in section.blocks]
    assert [s for block in blocks for s in sentences(block.text) if printed(s) not in text] == []


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("01-almaty-process", "Türkiye"),
        ("01-almaty-process", "Senior Officials’ Meeting"),
        ("24-soderkoping-process", "Söderköping"),
    ],
)
def test_two_readers_find_letters_beyond_ascii(slug: str, words: str) -> None:
    path = REPORTS / f"{slug}.pdf"
    other = " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    assert words in " ".join(" ".join(page_texts(path)).split())
    assert words in " ".join(other.split())


@each_source
def test_every_statement_has_a_reference_that_leads_to_a_source(path: Path) -> None:
    brief = read_brief(path)
    known = {source.number for source in brief.sources}
    for section in brief.sections:
        statements = [s for block in section.blocks for s in sentences(block.text)]
        for statement in statements if section.heading != NOT_FOUND else []:
            assert re.search(r"\[[\d, ]+\]\.$", statement), statement
            assert set(references(statement)) <= known, statement


@each_source
def test_every_brief_says_where_sources_disagree_and_what_was_not_found(path: Path) -> None:
    headings = [section.heading for section in read_brief(path).sections]
    assert headings[-2:] == ["Where sources disagree", NOT_FOUND]


@pytest.mark.data
@each_source
def test_every_address_was_read_for_the_facts(path: Path) -> None:
    if not FACTS.exists():
        pytest.skip("needs ../shared/data/iscm/facts.md beside the checkout")
    known = set(re.findall(r"https?://[^\s)]+", FACTS.read_text(encoding="utf-8")))
    known |= {address.rstrip(";.,") for address in known}
    addresses = {source.url for source in read_brief(path).sources if source.url}
    assert addresses <= known


@pytest.mark.parametrize(
    ("slug", "values"),
    [
        ("01-almaty-process", ["6 members", "7 members", "8 participants"]),
        ("02-budapest-process", ["1991", "1993"]),
        ("05-abu-dhabi-dialogue", ["16 members", "17 members", "18 members"]),
        ("08-south-american-conference-on-migration", ["1999", "2000"]),
        ("13-midwa", ["2000", "2001"]),
        ("19-igc", ["17", "19"]),
        ("20-pidc", ["2018", "2019"]),
        ("26-mtm-and-africa-eu-mmd", ["2002", "2003"]),
    ],
)
def test_values_on_which_sources_disagree_are_all_given(slug: str, values: list[str]) -> None:
    text = section_text(slug, "Where sources disagree")
    assert [value for value in values if value not in text] == []


@pytest.mark.parametrize(
    ("slug", "names"),
    [
        ("16-midcom", ["COMESA RCP", "MIDCOM"]),
        ("20-pidc", ["Pacific Immigration Directors’ Conference"]),
        ("24-soderkoping-process", ["Söderköping Process", "EaPPMA"]),
        ("26-mtm-and-africa-eu-mmd", ["MME", "MMD"]),
    ],
)
def test_names_that_changed_are_aliases(slug: str, names: list[str]) -> None:
    assert set(names) <= set(read_brief(SOURCES_FOLDER / f"{slug}.md").aliases)


def test_the_almaty_brief_says_with_whom_the_process_plans_to_cooperate() -> None:
    text = section_text("01-almaty-process", "Cooperation with other mechanisms")
    plan, interest, reason, none_yet, shared = sentences(text)[:5]
    assert "plans to cooperate more closely" in plan
    assert all("Budapest Process and the Prague Process" in said for said in (plan, reason))
    assert "Bali Process and the Abu Dhabi Dialogue" in interest
    assert "no formal cooperation" in none_yet
    assert "Abu Dhabi Dialogue shared its experience" in shared
    assert "2018" in shared


def write_brief(folder: Path, old: str, new: str) -> Path:
    text = (SOURCES_FOLDER / "17-pafom.md").read_text(encoding="utf-8")
    assert old in text
    path = folder / "17-pafom.md"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("with the African Union [1].", "with the African Union.", "no reference in: PAFOM is"),
        ("with the African Union [1].", "with the African Union [9].", "[9] is no source"),
        ("symbol: CW/ISCM/17\n", "", "the front matter lacks symbol"),
        ("## Sources", "## Addresses", "the last section must be '## Sources'"),
        ("<https://www.iom.int/pan-african-forum-migration-pafom>", "", "found '1. International"),
    ],
)
def test_a_source_that_is_no_brief_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(ReadError, match=re.escape(said)):
        read_brief(write_brief(tmp_path, old, new))


def test_the_files_are_what_their_sources_give() -> None:
    building = pytest.importorskip("corpus.briefs.building", reason="needs citewell[briefs]")
    assert building.differences(SOURCES_FOLDER, REPORTS) == []


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    building = pytest.importorskip("corpus.briefs.building", reason="needs citewell[briefs]")
    shutil.copy(SOURCES_FOLDER / "17-pafom.md", tmp_path)
    assert building.build_reports(tmp_path) == building.build_reports(tmp_path)


def test_a_file_that_differs_from_its_source_is_named(tmp_path: Path) -> None:
    building = pytest.importorskip("corpus.briefs.building", reason="needs citewell[briefs]")
    (tmp_path / "sources").mkdir()
    source = write_brief(tmp_path / "sources", "held in Accra in 2015", "held in Accra in 2015")
    assert building.write_reports(tmp_path / "sources", tmp_path) == [
        "17-pafom.pdf",
        "manifest.jsonl",
    ]
    assert building.write_reports(tmp_path / "sources", tmp_path) == []
    assert building.differences(tmp_path / "sources", tmp_path) == []
    source.write_text(source.read_text(encoding="utf-8").replace("Accra", "Lomé"), "utf-8")
    (tmp_path / "99-stray.pdf").write_bytes(b"")
    assert building.differences(tmp_path / "sources", tmp_path) == ["17-pafom.pdf", "99-stray.pdf"]


def test_a_changed_checksum_in_the_manifest_is_named(tmp_path: Path) -> None:
    building = pytest.importorskip("corpus.briefs.building", reason="needs citewell[briefs]")
    (tmp_path / "sources").mkdir()
    shutil.copy(SOURCES_FOLDER / "17-pafom.md", tmp_path / "sources")
    building.write_reports(tmp_path / "sources", tmp_path)
    path = tmp_path / "manifest.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"sha256": "', '"sha256": "0'))
    assert building.differences(tmp_path / "sources", tmp_path) == ["manifest.jsonl"]


def test_a_file_packed_by_another_zlib_is_the_same() -> None:
    building = pytest.importorskip("corpus.briefs.building", reason="needs citewell[briefs]")
    pdf = (REPORTS / "17-pafom.pdf").read_bytes()

    def packed_otherwise(found: re.Match[bytes]) -> bytes:
        packed = found[1]
        if packed.rstrip().endswith(b"~>"):
            packed = base64.a85decode(packed.strip().removesuffix(b"~>"))
        again = zlib.compress(zlib.decompressobj().decompress(packed), 1)
        return b"stream\r\n" + base64.a85encode(again) + b"~>endstream"

    other = re.sub(rb"stream\r?\n(.*?)endstream", packed_otherwise, pdf, flags=re.DOTALL)
    assert other != pdf
    assert building.same_pdf(pdf, other)
    assert not building.same_pdf(pdf, pdf.replace(b"/Author (citewell)", b"/Author (citewill)"))
