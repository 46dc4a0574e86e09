"""Does the server keep what its OpenAPI description promises, whatever is sent?

Schemathesis makes requests from the description, half of them such as it allows and half not; a
third of the places in addresses (documents, jobs, snapshots, collections) are ones that exist. No
response may be a 500 or break its schema; a 503 has to say when to come back. What takes long is
listed. Deletions, edits, uploads and rollbacks change the collection while it is asked; since each
publishes a snapshot, these have their turn once in ten.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis
import requests
import schemathesis
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.small_collection import make_collection, served, settings_of

CHECKS = [
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
ROUND = 20  # requests of one kind to one operation before the next has its turn
CHANGES = frozenset(
    {
        "POST /v1/documents",
        "PATCH /v1/documents/{doc_id}",
        "DELETE /v1/documents/{doc_id}",
        "POST /v1/snapshots/{snapshot_id}/rollback",
    }
)
CHANGES_EVERY = 10
SLOW_S = 5.0
TIMEOUT_S = 60.0
KINDS = tuple(schemathesis.GenerationMode)


@dataclass
class Tally:
    """How many requests were made, what came back, and what should not have."""

    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[dict[str, str]] = field(default_factory=list)
    slow: dict[str, float] = field(default_factory=dict)
    unsent: Counter[str] = field(default_factory=Counter)

    @property
    def requests(self) -> int:
        """How many were answered, or should have been."""
        return sum(self.statuses.values())


def main() -> int:
    """Make the requests and print what was found; exit 1 if anything was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.generated", description=__doc__
    )
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=600.0, help="stop after so long")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="citewell-generated-") as folder:
        found = study(Path(folder) / "home", options.requests, options.seed, options.minutes)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 1 if found["wrong"] else 0


def study(
    home: Path, wanted: int, seed: int, minutes: float = 600.0, *, a_round: int = ROUND
) -> dict[str, object]:
    """Return what came of so many requests, or of those that there was time for."""
    tally, until = Tally(), time.monotonic() + 60 * minutes
    with live(home) as (address, places):
        schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
        described: list[Any] = list(schema.get_all_operations())
        operations = [each.ok() for each in described]
        with requests.Session() as session:
            for turn in range(1000):
                for operation in operations:
                    if turn % CHANGES_EVERY and operation.label in CHANGES:
                        continue
                    for kind in KINDS if time.monotonic() < until else ():
                        chance = random.Random(f"{seed} {turn} {operation.label} {kind}")
                        requested = generated(operation, kind, chance, places, a_round)
                        send(requested, operation.label, session, tally)
                sys.stderr.write(f"{tally.requests} requests, {len(tally.wrong)} wrong\n")
                if tally.requests >= wanted or time.monotonic() >= until:
                    break
    return {
        "operations": len(operations),
        "requests": tally.requests,
        "statuses": dict(sorted(tally.statuses.items())),
        "wrong": len(tally.wrong),
        "examples": tally.wrong[:10],
        "slow_s": {name: round(took, 1) for name, took in sorted(tally.slow.items())},
        "not_sent": dict(tally.unsent),
    }


def generated(
    operation: Any, kind: Any, chance: random.Random, places: dict[str, list[str]], count: int
) -> Iterator[Any]:
    """Yield requests of one kind to one operation; fewer where there are not so many."""
    made: list[Any] = []

    @hypothesis.seed(chance.getrandbits(64))
    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=kind))
    def keep(case: Any) -> None:
        made.append(case)

    with suppress(hypothesis.errors.Unsatisfiable):  # nothing of this kind
        keep()
    for case in made[:count]:
        for name, known in places.items():
            if name in (case.path_parameters or {}) and chance.random() < 1 / 3:
                case.path_parameters[name] = chance.choice(known)
        yield case


def send(cases: Iterator[Any], name: str, session: requests.Session, tally: Tally) -> None:
    """Make the requests, one after the other."""
    for case in cases:
        call(case, name, session, tally)


def call(case: Any, name: str, session: requests.Session, tally: Tally) -> None:
    """Make one request and look at what came back."""
    began = time.monotonic()
    try:
        response = case.call(session=session, timeout=TIMEOUT_S)
    except requests.Timeout:
        tally.statuses["none"] += 1
        tally.wrong.append({"operation": name, "found": "no answer", "request": curl(case)})
        return
    except (requests.RequestException, UnicodeError, ValueError) as error:
        tally.unsent[f"{name}: {type(error).__name__}"] += 1
        return
    took = time.monotonic() - began
    if took > SLOW_S:
        tally.slow[name] = max(took, tally.slow.get(name, 0.0))
    tally.statuses[str(response.status_code)] += 1
    found = fault(case, response)
    if found is not None:
        tally.wrong.append({"operation": name, "found": found, "request": curl(case)})


def fault(case: Any, response: Any) -> str | None:
    """Return what is wrong with a response, or None."""
    if response.status_code == 503 and "retry-after" in response.headers:
        return None
    if response.status_code >= 500:
        return f"{response.status_code}: {response.text[:300]}"
    try:
        case.validate_response(response, checks=CHECKS)
    except (Failure, FailureGroup) as error:
        return str(error)[:600]
    return None


def curl(case: Any) -> str:
    """Return the request as a command, as far as it can be written."""
    try:
        return str(case.as_curl_command())[:600]
    except (UnicodeError, ValueError) as error:
        return f"{case.method} {case.formatted_path!r}: {error}"


@contextmanager
def live(home: Path) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Serve a small collection; yield its address and the places that exist, by name."""
    settings = settings_of(home, max_upload_bytes=200_000)
    ids = make_collection(settings)
    with Engine.open(settings) as engine:
        engine.store.create_job("j0123456789abcdef0123", "upload:a.md", collection="iscm")
        engine.store.update_job("j0123456789abcdef0123", state="done", progress=1.0, message="done")
        places = {
            "doc_id": [str(each) for each in ids.values()],
            "job_id": ["j0123456789abcdef0123"],
            "snapshot_id": [str(engine.snapshot_id)],
            "collection": ["iscm"],
            "model_id": ["citewell", "citewell/iscm"],
            "number": ["1", "2"],
        }
        with served(create_app(engine, JobWorker(engine.store, settings))) as address:
            yield address, places


if __name__ == "__main__":
    sys.exit(main())
