"""A small collection with the offline models, and a server over it."""

import io
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from reportlab.pdfgen.canvas import Canvas

from corpus.chunk import Chunk
from corpus.document import Document, Page, PageQuality, PageSpan
from corpus.ids import DocId, Fingerprint, chunk_id_of, doc_id_of, sha256_of
from corpus.stores.sql_store import SqlStore
from index.embedders.opening import open_embedder
from index.embedding.vector_cache import VectorCache
from index.snapshots.building import build
from service.http.serving import listening, server_config
from service.settings.settings import Settings

QUESTION = "Which ISCMs does the Almaty Process plan to cooperate with?"
COOPERATION = (
    "The Almaty Process plans to cooperate with the Budapest Process, the Prague Process\n"
    "and the Bali Process on mixed migration."
)
ALMATY = (
    f"Partnerships of the Almaty Process\n\n{COOPERATION}\n",
    "The secretariat of the Almaty Process is in Kazakhstan & <em>meets</em> once a year.\n",
)
BUDAPEST = ("The Budapest Process began in 1993 and has more than fifty member governments.\n",)
PDF = ("The Colombo Process is a consultation of countries of origin in Asia.",)


def settings_of(home: Path, **values: object) -> Settings:
    """Return settings with the offline models, for a test client as well."""
    fixed = {"home": home, "embedder": "hash", "reranker": "overlap", "allowed_hosts": "testserver"}
    return Settings.model_validate(fixed | values)


def pdf_of(pages: Sequence[str]) -> bytes:
    """Return a PDF with one line a page, the same bytes each time."""
    made = io.BytesIO()
    canvas = Canvas(made, invariant=1)
    for text in pages:
        canvas.setFont("Helvetica", 11)
        canvas.drawString(72, 720, text)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def a_document(
    source: str, pages: Sequence[str], *, title: str, content: bytes, media_type: str
) -> Document:
    """Return a document of these bytes."""
    sha256 = sha256_of(content)
    return Document(
        doc_id=doc_id_of(sha256),
        sha256=sha256,
        source=source,
        title=title,
        collection="iscm",
        media_type=media_type,
        reading=Fingerprint("by-hand"),
        pages=len(pages),
        publisher="IOM",
        date="2019",
        language="en",
    )


def add(
    store: SqlStore,
    source: str,
    pages: Sequence[str],
    *,
    title: str,
    pdf: bool,
    collection: str = "iscm",
    metadata: Mapping[str, str] | None = None,
    date: str | None = "2019",
) -> DocId:
    """Keep a document whose pages are one chunk each; labels are roman for the first three."""
    content = pdf_of(pages) if pdf else "\f".join(pages).encode()
    media_type = "application/pdf" if pdf else "text/markdown"
    document = a_document(source, pages, title=title, content=content, media_type=media_type)
    document = replace(document, collection=collection, metadata=dict(metadata or {}), date=date)
    kept = [
        Page(number, ("i", "ii", "iii")[number - 1], text, PageQuality(characters=len(text)))
        for number, text in enumerate(pages, start=1)
    ]
    chunks = [_chunk(document, page) for page in kept]
    store.add(document, content, kept, chunks)
    return document.doc_id


def _chunk(document: Document, page: Page) -> Chunk:
    text = page.text.rstrip("\n")
    start = text.rfind("\n\n") + 2 if "\n\n" in text else 0
    spans = ((page.number, 0, len(text)),)
    return Chunk(
        chunk_id=chunk_id_of(document.doc_id, spans, text),
        doc_id=document.doc_id,
        ordinal=page.number - 1,
        spans=(PageSpan(page.number, 0, len(text)),),
        text=text,
        sentences=((start, len(text)),),
        search_text=" ".join(text.split()),
        context=document.title,
    )


def make_collection(settings: Settings) -> dict[str, DocId]:
    """Make three documents and a snapshot of them; return their ids by name."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with SqlStore.open(settings.store_url) as store:
        ids = {
            "almaty": add(store, "reports/Almaty é.md", ALMATY, title="Almaty & co", pdf=False),
            "budapest": add(store, "reports/budapest.md", BUDAPEST, title="Budapest", pdf=False),
            "colombo": add(store, "reports/colombo.pdf", PDF, title="Colombo", pdf=True),
        }
        publish_snapshot(settings, store)
    return ids


MEMBERS = "How many members does the Heron Forum have?"
HERON = (
    ("old", "The Heron Forum has 12 members.", "2012-03-01"),
    ("new", "An overview of the region counts 14 members of the Heron Forum.", "2021-05-12"),
)


def add_differing(store: SqlStore) -> dict[str, DocId]:
    """Keep two documents that give different numbers of one forum's members."""
    return {
        name: add(store, f"heron/{name}.md", (text,), title=f"Heron {name}", pdf=False, date=date)
        for name, text, date in HERON
    }


def publish_snapshot(settings: Settings, store: SqlStore) -> str:
    """Build and publish a snapshot of the store; return its id."""
    with VectorCache.open(settings.layout.vectors) as cache:
        return build(store, cache, open_embedder(settings.embedder), settings.layout)


@contextmanager
def served(app: FastAPI, settings: Settings | None = None) -> Iterator[str]:
    """Yield the address of a real server of the application, on a free port of this machine."""
    with listening("127.0.0.1", 0) as listener:
        server = uvicorn.Server(server_config(app, settings or Settings()))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            until = time.monotonic() + 20
            while not server.started:
                assert thread.is_alive(), "the server ended before it had started"
                assert time.monotonic() < until, "the server did not start within 20 s"
                time.sleep(0.02)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)
