"""Two collections of one home, each with a key of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.testclient import TestClient

from corpus.ids import DocId
from corpus.key import Key
from corpus.stores.sql_store import SqlStore
from service.access.keys import make_key
from service.collection.publishing import publish
from service.engine.engine import Engine
from service.http.app import create_app
from service.settings.settings import Settings
from service.workload.jobs import JobWorker, Publish
from tests.service.small_collection import add, publish_snapshot, settings_of

OURS = ("The Northern Forum on quokkas plans to cooperate with the Southern Dialogue.\n",)
THEIRS = (
    "The Zanzibar Compact on quokkas plans to cooperate with the Xylophone Council.\n",
    "The Zanzibar Compact meets the Xylophone Council each year.\n",
)
# What only the other collection holds: words, titles, sources, metadata keys.
CANARIES = ("zanzibar", "xylophone", "theirs", "secretkey")
QUESTION = "Which bodies does the forum on quokkas plan to cooperate with?"


@dataclass(frozen=True, slots=True)
class Tenants:
    """An application, the documents of both collections, and the key of each, and one of all.

    `kept` are the ids of an answer about the other collection, and of its key's note on it.
    """

    client: TestClient
    engine: Engine
    ours: DocId
    theirs: DocId
    keys: dict[str, str]
    kept: dict[str, str]

    def as_(self, name: str) -> dict[str, str]:
        """Return the headers of a key."""
        return {"Authorization": f"Bearer {self.keys[name]}"}


def make_tenants(settings: Settings) -> tuple[DocId, DocId, dict[str, str]]:
    """Make a home with two collections and three keys; return document ids and keys."""
    settings.home.mkdir(parents=True)
    with SqlStore.open(settings.store_url) as store:
        ours = add(store, "ours.md", OURS, title="Northern Forum", pdf=False, collection="ours")
        theirs = add(
            store,
            "theirs.pdf",
            THEIRS,
            title="Zanzibar Compact",
            pdf=True,
            collection="theirs",
            metadata={"secretkey": "xylophone"},
        )
        publish_snapshot(settings, store)
        keys = {
            name: _made(store, name, collections)
            for name, collections in (("ours", ["ours"]), ("theirs", ["theirs"]), ("all", None))
        }
        store.create_job("j0d0d", "upload:theirs/zanzibar.pdf", collection="theirs")
        store.update_job("j0d0d", state="done", progress=1.0, message="zanzibar")
    return ours, theirs, keys


@contextmanager
def tenants(home: Path, *, ingest: Publish = publish, **values: object) -> Iterator[Tenants]:
    """Serve a home with two collections; `ingest` is what uploads do."""
    settings = settings_of(home, **values)
    ours, theirs, keys = make_tenants(settings)
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings, ingest))
        with TestClient(app, raise_server_exceptions=False) as client:
            assert app.state.warming.wait(20)
            yield Tenants(client, engine, ours, theirs, keys, keep(client, keys["theirs"]))


def keep(client: TestClient, key: str) -> dict[str, str]:
    """Keep what is answered to a key in its notebook; return the ids."""
    headers = {"Authorization": f"Bearer {key}"}
    answer = client.post("/v1/ask", json={"question": QUESTION}, headers=headers).json()
    body = {"answer": answer, "number": 1, "note": "of the xylophone"}
    note = client.post("/v1/notebook", json=body, headers=headers).json()
    return {"answer_id": note["answer_id"], "note_id": note["note_id"]}


def _made(store: SqlStore, name: str, collections: list[str] | None) -> str:
    key: Key
    key, secret = make_key(name, ["read", "ingest", "admin"], collections, None)
    store.create_key(key)
    return secret
