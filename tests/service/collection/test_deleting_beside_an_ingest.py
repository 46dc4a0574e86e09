"""Deletions wait for no file that is read, and nothing of what they delete comes back."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from corpus.ids import DocId
from index.embedding.vector_cache import VectorCache
from index.snapshots.publishing import snapshots_holding
from service.access.opening import open_store
from service.access.writing import sole_ingest
from service.collection.deleting import delete_document
from service.collection.ingest_report import IngestReport, IngestRequest
from service.collection.publishing import publish
from service.settings.models import Models
from service.settings.settings import Settings
from tests.service.small_collection import settings_of

PAGE = b"<html><body><p>The Heron Forum began in 1998.</p></body></html>"
FOUND = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE
)
GONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class SlowSite:
    """A web server whose one answer comes when it is let go."""

    def __init__(self, listener: socket.socket, answer: bytes) -> None:
        self._listener = listener
        self._answer = answer
        self.address = f"http://127.0.0.1:{listener.getsockname()[1]}/slow.html"
        self.asked = threading.Event()
        self.go = threading.Event()

    def serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            connection.recv(65536)
            self.asked.set()
            self.go.wait(60)
            connection.sendall(self._answer)


@contextmanager
def ingest_under_way(settings: Settings, answer: bytes = FOUND) -> Iterator[list[IngestReport]]:
    """Run an ingest that waits for its only file until the block ends; yield its report then."""
    reports: list[IngestReport] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        site = SlowSite(listener, answer)
        request = IngestRequest([site.address], allow_private=True)
        threads = [
            threading.Thread(target=site.serve, daemon=True),
            threading.Thread(target=lambda: reports.append(publish(request, settings))),
        ]
        for thread in threads:
            thread.start()
        assert site.asked.wait(30)
        try:
            yield reports
        finally:
            site.go.set()
            for thread in threads:
                thread.join(60)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """A home with two documents."""
    (tmp_path / "almaty.md").write_text("# Almaty\n\nThe Almaty Process began in 2013.\n")
    (tmp_path / "quokka.md").write_text("# Quokka\n\nThe Quokka Council began in 2004.\n")
    settings = settings_of(tmp_path / "home")
    publish(IngestRequest([str(tmp_path / "almaty.md"), str(tmp_path / "quokka.md")]), settings)
    return settings


def ids_of(settings: Settings) -> dict[str, DocId]:
    with open_store(settings) as store:
        return {each.source.rpartition("/")[2]: each.doc_id for each in store.documents()}


def test_a_deletion_does_not_wait_for_a_file_that_is_read(home: Settings) -> None:
    doc_id = ids_of(home)["almaty.md"]
    with ingest_under_way(home) as reports:
        receipt = delete_document(doc_id, home, purge_older=True, patience_s=10)
        assert not reports
        assert snapshots_holding(home.layout, doc_id) == []
    assert receipt.vectors == receipt.chunks == 2
    assert [each.status for each in reports[0].documents] == ["added"]
    assert ids_of(home).keys() == {"quokka.md", "slow.html"}
    with open_store(home) as store:
        assert store.debts() == []


def test_an_ingest_of_nothing_pays_what_was_deleted_beside_it(home: Settings) -> None:
    with ingest_under_way(home, GONE) as reports:
        for doc_id in ids_of(home).values():
            delete_document(doc_id, home, purge_older=True, patience_s=10)
    assert [each.status for each in reports[0].documents] == ["rejected"]
    with open_store(home) as store:
        assert store.documents() == []
        assert store.debts() == []


def test_what_an_ingest_embeds_after_its_deletion_is_removed_at_its_end(home: Settings) -> None:
    doc_id = ids_of(home)["almaty.md"]
    with open_store(home) as store:
        chunk, *_ = store.chunks([place.chunk_id for place in store.chunk_places(doc_id)]).values()
    embedder = Models.open(home).embedder
    key = chunk.embedded_sha256
    with sole_ingest(home.layout):
        delete_document(doc_id, home, purge_older=False)
        with VectorCache.open(home.layout.vectors) as cache:
            vector = np.zeros((1, embedder.dimensions), dtype=np.float32)
            cache.put(embedder.fingerprint, [key], vector)
        with open_store(home) as store:
            assert len(store.debts()) == 1
    publish(IngestRequest([str(home.home.parent / "quokka.md")]), home)
    with VectorCache.open(home.layout.vectors) as cache:
        assert cache.get(embedder.fingerprint, [key]) == {}
