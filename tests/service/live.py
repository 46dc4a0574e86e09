"""A live server with the Almaty document, and what each client must find there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import httpx2

from corpus.ids import DocId
from service.access.keys import make_key
from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.small_collection import COOPERATION, make_collection, served, settings_of

READABLE = " ".join(COOPERATION.split())


@dataclass(frozen=True, slots=True)
class Live:
    """A real server's address, a key of it, and the ids of the documents by name."""

    address: str
    key: str
    ids: dict[str, DocId]
    engine: Engine


@contextmanager
def live_server(home: Path, **values: object) -> Iterator[Live]:
    """Serve the collection on a free port; every request needs the key."""
    settings = settings_of(home, **values)
    ids = make_collection(settings)
    with Engine.open(settings) as engine:
        key, secret = make_key("client", ["read", "ingest", "admin"], None, None)
        engine.store.create_key(key)
        with served(create_app(engine, JobWorker(engine.store, settings))) as address:
            yield Live(address, secret, ids, engine)


class _Marks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.marked = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._inside = self._inside or tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "mark"

    def handle_data(self, data: str) -> None:
        self.marked += data if self._inside else ""


def marked_text(live: Live, url: str) -> str:
    """Open a citation's url as a browser would, and return the words that are marked there."""
    path = url.replace("http://127.0.0.1:8000", live.address)
    page = httpx2.get(path, headers={"Accept": "text/html"}, auth=("anyone", live.key))
    assert page.status_code == 200, page.text
    marks = _Marks()
    marks.feed(page.text)
    return " ".join(marks.marked.split())
