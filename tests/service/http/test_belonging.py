"""A document over HTTP tells what belongs to its report."""

from pathlib import Path

import httpx

from corpus.stores.sql_store import SqlStore
from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.small_collection import add, publish_snapshot, served, settings_of

TITLE = "Evaluation of cash assistance in dry regions"


def test_a_document_says_what_it_belongs_to_and_what_belongs_to_it(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home")
    settings.home.mkdir()
    with SqlStore.open(settings.store_url) as store:
        ids = {
            kind: add(
                store,
                f"{kind}.md",
                (f"This is the {kind}.",),
                title=TITLE,
                pdf=False,
                metadata={"kind": kind},
            )
            for kind in ("evaluation", "brief")
        }
        publish_snapshot(settings, store)
    with (
        Engine.open(settings) as engine,
        served(create_app(engine, JobWorker(engine.store, settings))) as address,
        httpx.Client(base_url=address, timeout=60) as http,
    ):
        whole, part = (
            http.get(f"/v1/documents/{ids[kind]}").json() for kind in ("evaluation", "brief")
        )
    assert (whole["belongs_to"], whole["parts"], whole["siblings"]) == (None, [ids["brief"]], [])
    assert (part["belongs_to"], part["parts"]) == (ids["evaluation"], [])
    assert part["title"] == TITLE
