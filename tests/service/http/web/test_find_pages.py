"""Finding in the browser, as HTML and as files."""

import csv
import io

import openpyxl
import pytest
from starlette.testclient import TestClient

from service.http.web.find_pages import FindForm, Matrix, searched_share
from service.values.find import Coverage, Find, FoundDocument, UnreadablePage
from tests.service.conftest import Served
from tests.service.http.web.test_web import parsed, text_of

TERMS = "Almaty Process, Budapest Process, zebra"


def find_of(*counts: int, unreadable: tuple[UnreadablePage, ...] = ()) -> Find:
    """Return what one term's counts give, in documents called a, b, c, …"""
    documents = tuple(
        FoundDocument(name, name.upper(), {"x": count})
        for name, count in zip("abcdefgh", counts, strict=False)
    )
    pages = 1000
    coverage = Coverage(len(documents), pages, pages - len(unreadable), unreadable)
    return Find(("x",), documents, (), coverage)


def rows_of(found: Find, **asked: object) -> list[str]:
    return [row.document.doc_id for row in Matrix.of(found, FindForm(**asked)).rows]  # type: ignore[arg-type]


def test_the_matrix_counts_each_term_in_each_document(client: TestClient) -> None:
    tree = parsed(client, f"/find?q={TERMS}&sort=title")
    counted = client.post("/v1/find", json={"terms": TERMS.split(", ")}).json()
    rows = [[cell.text().strip() for cell in row.css("td")] for row in tree.css(".matrix tbody tr")]
    expected = [
        [*map(str, each["counts"].values()), str(sum(each["counts"].values()))]
        for each in counted["documents"]
    ]
    assert rows == expected
    heads = [each.text(deep=True).strip(" ↑\n") for each in tree.css(".matrix thead th")]
    assert heads == ["Title", *TERMS.split(", "), "All"]
    assert "4 of 4 pages were searched (100 %)" in text_of(tree, ".coverage")
    assert text_of(tree, ".places [aria-current]") == "Find"


def test_a_cell_leads_to_its_mentions_and_these_to_their_pages(served: Served) -> None:
    tree = parsed(served.client, f"/find?q={TERMS}")
    first = tree.css(".matrix td a")[0]
    assert first.attributes["aria-label"] == "3 mentions of Almaty Process in Almaty & co"
    shown = parsed(served.client, first.attributes["href"] or "")
    assert {each.text() for each in shown.css(".mentions strong")} == {"Almaty Process"}
    assert len(shown.css(".mentions li")) == 3
    page = parsed(served.client, shown.css(".mentions a")[1].attributes["href"] or "")
    assert text_of(page, "mark") == "Almaty Process"


def test_mentions_of_several_documents_are_listed_under_each(served: Served) -> None:
    counted = served.client.post("/v1/find", json={"terms": ["Process"]}).json()["documents"]
    shown = parsed(served.client, "/find/mentions?q=Process")
    mentioning = [each for each in counted if each["counts"]["Process"]]
    assert len(mentioning) > 1
    heads = [each.text() for each in shown.css("#mentions h2 cite")]
    assert heads == [each["title"] for each in mentioning]
    listed = [len(each.css("li")) for each in shown.css("#mentions ol")]
    assert listed == [each["counts"]["Process"] for each in mentioning]


def test_rows_are_sorted_by_a_column_and_kept_where_a_term_is_missing() -> None:
    found = find_of(2, 0, 9, 2)
    assert rows_of(found) == ["c", "a", "d", "b"]
    assert rows_of(found, sort="1") == ["b", "a", "d", "c"]
    assert rows_of(found, sort="-title") == ["d", "c", "b", "a"]
    assert rows_of(found, sort="nothing", without=1) == ["b"]
    assert Matrix.of(found, FindForm()).never == {"x": 1}


def test_documents_that_never_mention_a_term_are_one_link_away(client: TestClient) -> None:
    tree = parsed(client, f"/find?q={TERMS}")
    links = {each.text(): each.attributes["href"] or "" for each in tree.css(".never a")}
    without = parsed(client, links["1 document never mentions Budapest Process"])
    assert [each.text() for each in without.css(".matrix tbody th a")] == ["Colombo"]
    [chosen] = without.css(".never [aria-current]")
    assert "without" not in (chosen.attributes["href"] or "")


def test_a_document_with_pages_that_could_not_be_searched_says_so() -> None:
    pages = (UnreadablePage("b", 1, "no text"), UnreadablePage("b", 2, "no text"))
    found = find_of(1, 0, unreadable=pages)
    rows = Matrix.of(found, FindForm()).rows
    assert [(row.document.doc_id, row.unread) for row in rows] == [("a", 0), ("b", 2)]
    assert searched_share(found) == "99.8"
    assert searched_share(find_of(unreadable=pages[:1])) == "99.9"


def test_what_is_found_is_saved_as_csv_and_as_a_workbook(client: TestClient) -> None:
    tree = parsed(client, f"/find?q={TERMS}&collection=iscm")
    found: dict[str, bytes] = {}
    for link in tree.css(".files a"):
        response = client.get(link.attributes["href"] or "")
        assert response.headers["content-disposition"].startswith("attachment")
        found[link.text()] = response.content
    table = list(csv.reader(io.StringIO(found["CSV: table"].decode("utf-8-sig"))))
    assert table[0] == ["doc_id", "title", *TERMS.split(", ")]
    assert len(table) == 4
    mentions = list(csv.reader(io.StringIO(found["CSV: mentions"].decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(found["XLSX"]))
    assert book.sheetnames == ["Documents", "Mentions", "Coverage"]
    assert book["Mentions"].max_row == len(mentions)


def test_the_address_narrows_what_is_searched(served: Served) -> None:
    tree = parsed(served.client, f"/find?q=Process&document={served.ids['budapest']}")
    assert [each.text() for each in tree.css(".matrix tbody th a")] == ["Budapest"]
    assert "document" in (tree.css(".files a")[0].attributes["href"] or "")
    unknown = parsed(served.client, "/find/mentions?q=x&document=d0000000000000000", 404)
    assert text_of(unknown, "h1")


def test_terms_are_escaped_and_too_many_are_answered_with_their_problem(served: Served) -> None:
    page = served.client.get("/find", params={"q": "<b>Almaty</b>"})
    assert "&lt;b&gt;Almaty" in page.text
    assert "<b>Almaty" not in page.text
    refused = served.client.get("/find", params={"q": ",".join(f"t{n}" for n in range(500))})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text


@pytest.mark.parametrize(("language", "said"), [("fr", "mentions"), ("es", "menciones")])
def test_the_page_speaks_the_viewers_language(client: TestClient, language: str, said: str) -> None:
    headers = {"Accept": "text/html", "Accept-Language": language}
    assert said in client.get(f"/find?q={TERMS}", headers=headers).text
