"""Why a passage is shown for a question or not, as pages."""

from collections.abc import Iterator

import pytest

from service.http.routes.explain_page import MOST_PASSAGES
from tests.service.conftest import Served
from tests.service.small_collection import QUESTION
from tests.service.tenants import Tenants, tenants

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    with tenants(tmp_path_factory.mktemp("explained") / "home") as made:
        yield made


def explained(served: Served, **query: str) -> str:
    response = served.client.get("/explain", params={"q": QUESTION, **query}, headers=HTML)
    assert response.status_code == 200, response.text
    text: str = response.text
    return text


def test_a_quote_leads_to_why_it_is_shown(served: Served) -> None:
    answer = served.client.post("/v1/ask", json={"question": QUESTION}).json()
    passage = answer["citations"][0]["passage_id"]
    page = served.client.get("/", params={"q": QUESTION}, headers=HTML).text
    assert f"passage={passage}" in page
    said = explained(served, passage=passage)
    assert "It is number 1 of the 10 passages" in said
    assert "Words of the question that it has: " in said
    assert "Likeness in meaning" in said


def test_a_page_says_why_it_is_not_quoted(served: Served) -> None:
    colombo = served.ids["colombo"]
    page = served.client.get(f"/documents/{colombo}/pages/1", headers=HTML).text
    assert f'name="of" value="{colombo}"' in page
    said = explained(served, of=colombo, page="1")
    assert "The Colombo Process is a consultation" in said
    assert "Words of the question that it lacks: " in said
    assert said.count("<section") <= MOST_PASSAGES


def test_a_filter_that_leaves_a_document_out_is_the_reason(served: Served) -> None:
    said = explained(served, of=served.ids["colombo"], document=served.ids["almaty"])
    assert "The filters leave its document out." in said


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"q": QUESTION}, 422),
        ({"q": "", "passage": "c0"}, 422),
        ({"q": QUESTION, "passage": "c0123456789abcdef0123"}, 404),
        ({"q": QUESTION, "of": "d0123456789abcdef"}, 404),
    ],
)
def test_what_is_not_there_is_said(served: Served, query: dict[str, str], status: int) -> None:
    response = served.client.get("/explain", params=query, headers=HTML)
    assert response.status_code == status
    assert 'role="alert"' in response.text


def test_a_passage_of_another_collection_is_as_none(two: Tenants) -> None:
    headers = two.as_("ours") | HTML
    texts = []
    for doc_id in (two.theirs, "d0123456789abcdef"):
        query = {"q": QUESTION, "of": doc_id}
        response = two.client.get("/explain", params=query, headers=headers)
        assert response.status_code == 404
        texts.append(response.text.replace(doc_id, "X"))
    assert texts[0] == texts[1]


@pytest.mark.parametrize("language", ["fr", "es", "ru"])
def test_a_page_of_a_document_is_in_the_language_of_its_reader(
    served: Served, language: str
) -> None:
    path = f"/documents/{served.ids['almaty']}/pages/1?highlight=0-10"
    text = served.client.get(path, headers=HTML | {"Accept-Language": language}).text
    shown = text[text.index("<main") : text.index("</main")]
    for english in ("Previous", "As printed", "The whole file", "Quoted from", "Find it in"):
        assert english not in shown
