"""How an answer and passages look in a notebook."""

from dataclasses import replace

from service.values.answer import Answer, Passage, Scores, Search, Span
from tests.service.answering.generated_answers import answer_of

HOSTILE = "<script>alert(1)</script> & more"


def test_a_statement_leads_to_its_page() -> None:
    html = replace(answer_of(["The Panel met."]), confidence=0.934)._repr_html_()
    assert "93% likely" in html
    assert 'The Panel met. <a href="http://x/documents/d1/pages/1"' in html
    assert "Report 1, page 1" in html


def test_an_abstention_says_why() -> None:
    empty: Answer = replace(answer_of([]), status="abstained", reason="no_evidence")
    assert "abstained: no evidence" in empty._repr_html_()


def test_nothing_of_a_document_is_taken_as_html() -> None:
    answer = answer_of([HOSTILE])
    [citation] = answer.citations
    hostile = replace(citation, title=HOSTILE, url="javascript:alert(1)")
    shown = replace(answer, question=HOSTILE, citations=(hostile,))._repr_html_()
    passage = Passage("c1", "d1", HOSTILE, (), (Span(2, "ii", 0, 5),), HOSTILE, 1, Scores())
    search = Search(HOSTILE, answer.understood, (passage,), answer.receipt)._repr_html_()
    assert "page 2" in search
    for html in (shown, search):
        assert "<script" not in html
        assert "javascript:" not in html
        assert "&lt;script&gt;" in html
