"""The notebook as a file in each form, with what is hostile in it."""

import io
import json
from typing import Any

import docx
import pypdf
import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from service.keeping.records import NoteRecord, QuoteRecord
from service.keeping.writing_docx import as_docx
from service.keeping.writing_markdown import as_markdown
from service.receipts.verifying import SavedCitation
from service.values.kept import KeptNote, KeptQuote
from service.values.verification import Verification
from tests.service.conftest import Served
from tests.service.small_collection import COOPERATION, QUESTION

FORMS = ("docx", "markdown", "pdf", "ris", "bibtex", "csl-json")
HOSTILE = "# <script>alert(1)</script>\x0b\n1. *bold* [link](javascript:x) \u202e| a _b_ & $x$"


def saved(served: Served, form: str, **query: str) -> bytes:
    response = served.client.get("/v1/notebook/file", params={"form": form, **query})
    assert response.status_code == 200, response.text
    assert response.headers["content-disposition"].startswith("attachment; filename=")
    content: bytes = response.content
    return content


@pytest.fixture
def filled(own: Served) -> Served:
    """A notebook with a quote of a Markdown report and one of a PDF."""
    for question, note in ((QUESTION, "For *us*"), ("What is the Colombo Process?", "")):
        answer = own.client.post("/v1/ask", json={"question": question}).json()
        assert answer["citations"]
        body = {"answer": answer, "number": 1, "note": note}
        assert own.client.post("/v1/notebook", json=body).status_code == 201
    return own


def test_word_has_questions_quotes_references_and_links(filled: Served) -> None:
    word = docx.Document(io.BytesIO(saved(filled, "docx", style="apa")))
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert texts[0] == "Notebook"
    assert QUESTION in texts
    assert " ".join(COOPERATION.split()) in texts
    assert "For *us*" in texts
    assert any("(IOM, 2019" in text for text in texts)
    assert "References" in texts
    links = [r.target_ref for r in word.part.rels.values() if r.is_external]
    assert any("/documents/" in link and "highlight=" in link for link in links)


def test_markdown_shows_what_is_quoted_as_text(filled: Served) -> None:
    text = saved(filled, "markdown").decode()
    assert f"## {QUESTION}" in text
    assert "For \\*us\\*" in text
    assert f"> {' '.join(COOPERATION.split())}" in text


def test_pdf_has_the_cited_pages_with_marks_and_notes(filled: Served) -> None:
    reader = pypdf.PdfReader(io.BytesIO(saved(filled, "pdf")))
    assert "Colombo Process" in reader.pages[0].extract_text()
    found: list[Any] = list(reader.pages[0].annotations or ())
    kinds = [each.get_object()["/Subtype"] for each in found]
    assert kinds == ["/Highlight", "/Text"]
    assert len(reader.pages) == len(reader.outline) == 1  # the other report is no PDF


def test_reference_managers_read_what_is_cited(filled: Served) -> None:
    ris = rispy.loads(saved(filled, "ris").decode())
    bibtex = parse_string(saved(filled, "bibtex").decode())
    items = json.loads(saved(filled, "csl-json"))
    assert len(ris) == len(bibtex.entries) == len(items) == 2
    assert len({each["id"] for each in items}) == 2
    assert {each["title"] for each in items} == {each["title"] for each in ris}


@pytest.mark.parametrize("form", [form for form in FORMS if form != "pdf"])
def test_an_empty_notebook_is_an_empty_file(own: Served, form: str) -> None:
    saved(own, form)


def test_a_pdf_of_nothing_says_what_to_do(own: Served) -> None:
    response = own.client.get("/v1/notebook/file?form=pdf")
    assert response.status_code == 404
    assert "Word or Markdown" in response.json()["detail"]


def test_quotes_of_a_deleted_document_are_left_out_of_every_file(filled: Served) -> None:
    filled.client.delete(f"/v1/documents/{filled.ids['almaty']}")
    for form in (form for form in FORMS if form != "pdf"):
        assert b"Budapest Process, the Prague" not in saved(filled, form)


def hostile_record(language: str | None = None) -> NoteRecord:
    citation = {"number": 1, "doc_id": "d", "spans": [], "quote": HOSTILE}
    citation |= {"quote_sha256": "", "document_sha256": ""}
    quote = KeptQuote(
        1, "d", HOSTILE, HOSTILE, HOSTILE, language, "http://a/b(c)?d=1 2", "altered", HOSTILE
    )
    note = KeptNote("n", "a", 1, HOSTILE, HOSTILE, "", "http://a/answers/a", True, (quote,))
    checked = Verification(1, "altered", HOSTILE)
    record = QuoteRecord(
        quote, HOSTILE, HOSTILE, HOSTILE, SavedCitation.model_validate(citation), checked
    )
    return NoteRecord(note, (record,))


def test_hostile_text_is_text_in_word_and_runs_as_its_language_does() -> None:
    content = as_docx([hostile_record("ar-EG")], HOSTILE)
    word = docx.Document(io.BytesIO(content))
    assert any("<script>" in paragraph.text for paragraph in word.paragraphs)
    [quote] = [
        each for each in word.paragraphs if "<script>" in each.text and "<w:bidi/>" in each._p.xml
    ]
    assert quote.runs[0].font.rtl


def test_hostile_text_is_text_in_markdown() -> None:
    markdown = pytest.importorskip("markdown")
    html = markdown.markdown(as_markdown([hostile_record()], HOSTILE).decode())
    assert "<script" not in html
    assert 'javascript:x"' not in html
    assert "<em>" not in html.replace("<em>The answer", "")
    assert "<strong>bold" not in html
