"""Pages that take too much: they are given up, and all else goes on meanwhile."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from corpus.document import Page
from corpus.ids import DocId
from service.access.keys import make_key
from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.ingest.costly_files import soft_mask_pdf
from tests.service.live import Live, live_server
from tests.service.small_collection import (
    QUESTION,
    a_document,
    make_collection,
    served,
    settings_of,
)

VIEWS = 45  # more than the server has threads for its routes


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    home = tmp_path_factory.mktemp("drawing") / "home"
    with live_server(home, drawing_workers=1, draw_timeout_s=1) as live:
        yield live


def keep_costly(live: Live, times: int) -> DocId:
    """Keep a document whose page takes minutes to draw."""
    content = soft_mask_pdf(times)
    text = "A page."
    document = a_document(
        f"{times}.pdf", [text], title="Costly", content=content, media_type="application/pdf"
    )
    live.engine.store.add(document, content, [Page(1, "1", text)], [])
    return document.doc_id


def client_of(live: Live) -> httpx2.Client:
    headers = {"Authorization": f"Bearer {live.key}"}
    return httpx2.Client(base_url=live.address, headers=headers, timeout=60)


def test_a_page_that_takes_minutes_is_a_problem_and_the_next_one_is_drawn(live: Live) -> None:
    path = f"/v1/documents/{keep_costly(live, 400)}/pages/1"
    with client_of(live) as client:
        refused = client.get(f"{path}.png")
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["type"] == "/problems/unreadable"
        assert "longer than the limit of 1 s" in refused.json()["detail"]
        assert client.get(f"{path}.pdf").status_code == 200
        drawn = client.get(f"/v1/documents/{live.ids['colombo']}/pages/1.png")
        assert drawn.headers["content-type"] == "image/png"


def test_questions_and_keys_are_answered_while_many_look_at_costly_pages(live: Live) -> None:
    pages = [f"/v1/documents/{keep_costly(live, 500 + n)}/pages/1.png" for n in range(5)]
    with client_of(live) as client, ThreadPoolExecutor(VIEWS) as viewers:
        views = [viewers.submit(client.get, pages[n % 5]) for n in range(VIEWS)]
        viewed = False
        while not viewed:
            viewed = any(view.done() for view in views)
        assert client.post("/v1/ask", json={"question": QUESTION}).status_code == 200
        assert client.get("/v1/documents").status_code == 200
        assert client.get("/health/ready").status_code == 200
        assert not all(view.done() for view in views)
        answers = [view.result() for view in views]
    assert {answer.status_code for answer in answers} == {422, 503}
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert "pages are being drawn or wait already" in busy.json()["detail"]
    assert busy.headers["Retry-After"]


def test_without_a_free_thread_the_server_is_not_ready_and_keys_are_checked(
    tmp_path: Path,
) -> None:
    settings = settings_of(tmp_path / "home")
    make_collection(settings)
    go_on = threading.Event()
    with Engine.open(settings) as engine:
        key, secret = make_key("client", ["read"], None, None)
        engine.store.create_key(key)
        app = create_app(engine, JobWorker(engine.store, settings))
        app.add_api_route("/stuck", lambda: go_on.wait(60), methods=["GET"])
        headers = {"Authorization": f"Bearer {secret}"}
        with (
            served(app) as address,
            httpx2.Client(base_url=address, headers=headers, timeout=60) as client,
            ThreadPoolExecutor(VIEWS) as stuck,
        ):
            try:
                for _ in range(VIEWS):
                    stuck.submit(httpx2.get, f"{address}/stuck", headers=headers, timeout=60)
                assert app.state.warming.wait(20)
                while (ready := client.get("/health/ready")).status_code == 200:
                    pass
                assert ready.status_code == 503
                assert "threads are busy" in ready.json()["detail"]
                assert client.get("/health").status_code == 200
                assert client.post("/v1/ask", json={"question": QUESTION}).status_code == 200
            finally:
                go_on.set()
            assert client.get("/health/ready").status_code == 200
