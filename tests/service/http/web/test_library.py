"""The library's pages as HTML: what the address says is what is shown, hostile text is text."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from corpus.stores.sql_store import SqlStore
from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.conftest import Served
from tests.service.http.web.test_web import parsed, text_of
from tests.service.small_collection import add, make_collection, publish_snapshot, settings_of

HOSTILE = "</th><script>alert(1)</script>\u202egnihtemos " + "long" * 2500


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, str]]:
    """A server with a document whose title and metadata attack the page, and its id."""
    settings = settings_of(tmp_path_factory.mktemp("hostile") / "home")
    make_collection(settings)
    with SqlStore.open(settings.store_url) as store:
        doc_id = add(
            store,
            'evil"><img src=x onerror=alert(2)>.md',
            ("<script>alert(3)</script> is what the page says.",),
            title=HOSTILE,
            pdf=False,
            collection='"><b>bold',
            metadata={"kind": "<i>kind</i>", "<u>name</u>": "javascript:alert(4)"},
        )
        publish_snapshot(settings, store)
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings))
        with TestClient(app) as client:
            yield client, doc_id


def titles_of(client: TestClient, path: str) -> list[str]:
    return [each.text() for each in parsed(client, path).css(".documents .name a")]


def test_documents_are_listed_sorted_and_counted(client: TestClient) -> None:
    tree = parsed(client, "/library")
    assert [each.text() for each in tree.css(".documents .name a")] == [
        "Almaty & co",
        "Budapest",
        "Colombo",
    ]
    assert text_of(tree, "#list-title") == "3 documents"
    assert titles_of(client, "/library?sort=-title")[0] == "Colombo"


def test_the_address_narrows_and_a_link_takes_it_back(hostile: tuple[TestClient, str]) -> None:
    client, _ = hostile
    assert titles_of(client, "/library?collection=iscm&q=Budapst") == ["Budapest"]
    tree = parsed(client, "/library?collection=iscm")
    assert text_of(tree, "#list-title") == "3 of 4 documents"
    [chosen] = tree.css(".facets a[aria-current]")
    assert chosen.attributes["href"] == "/library"
    assert titles_of(client, "/library?kind=none") == ["Almaty & co", "Budapest", "Colombo"]
    assert "No document matches" in parsed(client, "/library?from=2030").text()


def test_what_is_no_date_is_told(client: TestClient) -> None:
    tree = parsed(client, "/library?from=soon", status=422)
    assert "not a date: 'soon'" in tree.text()


def test_a_document_shows_what_is_known_and_how_it_was_read(served: Served) -> None:
    tree = parsed(served.client, f"/documents/{served.ids['almaty']}")
    assert text_of(tree, "h1") == "Almaty & co"
    known = {d.css("dt")[0].text(): d.css("dd")[0].text() for d in tree.css("#known > div")}
    assert known["Organisation"] == "IOM"
    assert known["Source"] == "reports/Almaty é.md"
    assert len(tree.css(".thumbs li")) == 2
    assert "All pages were read well." in tree.text()
    assert tree.css("#edit-title")[0].attributes["value"] == "Almaty & co"


def test_an_unknown_document_is_told_as_a_page(client: TestClient) -> None:
    assert "There is no such thing" in parsed(client, "/documents/d0000000000000000", 404).text()


def test_hostile_titles_names_and_metadata_are_text(hostile: tuple[TestClient, str]) -> None:
    client, doc_id = hostile
    for path in ("/library", f"/documents/{doc_id}", f"/?document={doc_id}", "/?q=page says"):
        response = client.get(path, headers={"Accept": "text/html"})
        for attack in ("<script>alert", "<img src=x", "<b>bold", "<i>kind", "<u>name"):
            assert attack not in response.text, (path, attack)
    tree = parsed(client, f"/documents/{doc_id}")
    assert text_of(tree, "h1") == HOSTILE
    assert tree.css("h1")[0].attributes["dir"] == "auto"


def test_nothing_in_the_library_says_the_one_thing_to_do(empty: Served) -> None:
    tree = parsed(empty.client, "/library")
    assert "Drop your reports here" in tree.text()
    assert tree.css("#upload details[open] #files")


def test_a_picture_is_drawn_at_the_scale_that_is_asked(served: Served) -> None:
    path = f"/v1/documents/{served.ids['colombo']}/pages/1.png"
    small, usual = served.client.get(f"{path}?scale=0.25"), served.client.get(path)
    assert len(small.content) < len(usual.content)
    assert served.client.get(f"{path}?scale=40").status_code == 422


def test_who_runs_the_server_sees_its_state(served: Served) -> None:
    tree = parsed(served.client, "/admin")
    assert "answers now" in text_of(tree, "#snapshots")
    assert tree.css("#keys-title")
    assert text_of(tree, ".places [aria-current]") == "Run"
