"""Do several servers and ingests of one store lose nothing, and do nothing twice?

Reports are uploaded, ingested, asked for and deleted all at once over servers of one home, whose
store is a PostgreSQL server that the study starts (or SQLite). With --faults servers and ingests
are killed at random, a disk is full, PostgreSQL crashes and starts again, and connections are cut;
with --failover the PostgreSQL server dies halfway and its streaming replica takes over.

At the end every job that was accepted has to have ended, once; every report that was acknowledged
is stored once and is in the snapshot; every deletion is complete; no answer quoted what no report
says, or what had been deleted; `citewell doctor` finds nothing.

    python -m benchmarks.robustness.postgres --servers 4 --ingesters 2 --minutes 10
    python -m benchmarks.robustness.postgres --minutes 10 --faults
    python -m benchmarks.robustness.postgres --minutes 3 --failover
    python -m benchmarks.robustness.postgres --store sqlite --minutes 10 --faults
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from benchmarks.robustness.interruptions import a_report
from benchmarks.robustness.shared_home import SharedHome
from corpus.ids import sha256_of
from service.access.opening import open_store
from service.examining.examining import examine
from service.settings.environment import read_settings
from tests.postgres import Cluster, programs

SECONDS_TO_END = 300.0
OF_SERVERS = ("KILL", "TERM", "KILL group", "disk full")
OF_POSTGRESQL = ("PostgreSQL crashes", "connections cut")


def main() -> int:
    """Run the study and print what was found; exit 1 if a promise was broken."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.postgres",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--store", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--servers", type=int, default=4)
    parser.add_argument("--ingesters", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--failover", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--logs", type=Path, help="Folder to keep the logs of the servers in.")
    options = parser.parse_args()
    clusters: list[Cluster] = []
    try:
        environment = {} if options.store == "sqlite" else shared_store(clusters, options.failover)
        with tempfile.TemporaryDirectory(prefix="citewell-shared-") as folder:
            shared = SharedHome(Path(folder), environment, options.servers)
            try:
                found = study(shared, clusters, options)
            finally:
                shared.end()
                keep_logs(shared, options.logs)
    finally:
        for cluster in clusters:
            cluster.remove()
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 1 if found["broken"] else 0


def keep_logs(shared: SharedHome, logs: Path | None) -> None:
    if logs is not None:
        logs.mkdir(parents=True, exist_ok=True)
        for log in shared.folder.glob("*.log"):
            shutil.copy(log, logs)


def shared_store(clusters: list[Cluster], failover: bool) -> dict[str, str]:
    """Start PostgreSQL, which keeps what it has acknowledged, and return the store's setting."""
    found = programs()
    if found is None:
        raise SystemExit("PostgreSQL is not installed here; Debian: apt install postgresql")
    clusters.append(Cluster.make(found, settings="shared_buffers = 64MB\n"))
    clusters[0].sql("CREATE DATABASE citewell")
    if failover:
        clusters.append(Cluster.standby_of(clusters[0]))
    hosts = "&".join(f"host=127.0.0.1:{each.port}" for each in clusters)
    return {"CITEWELL_STORE": f"postgresql+psycopg://citewell@/citewell?{hosts}"}


def study(
    shared: SharedHome, clusters: list[Cluster], options: argparse.Namespace
) -> dict[str, object]:
    """Return what became of everything that was asked."""
    shared.start()
    threads = [
        *(threading.Thread(target=shared.upload, daemon=True) for _ in range(2)),
        *(
            threading.Thread(target=shared.ingest, args=(which,), daemon=True)
            for which in range(options.ingesters)
        ),
        *(threading.Thread(target=shared.ask, args=(seed,), daemon=True) for seed in range(2)),
        threading.Thread(target=shared.delete, args=(options.seed,), daemon=True),
        threading.Thread(target=shared.watch, daemon=True),
    ]
    for thread in threads:
        thread.start()
    ends = time.monotonic() + 60 * options.minutes
    faults, refused = Counter[str](), {}
    if options.failover:
        time.sleep(30 * options.minutes)
        refused = _fail_over(shared, clusters)
    if options.faults:
        faults = do_harm(shared, clusters, ends, options.seed)
    time.sleep(max(0.0, ends - time.monotonic()))
    shared.start()
    shared.stopping.set()
    for thread in threads:
        thread.join(SECONDS_TO_END)
    until = time.monotonic() + SECONDS_TO_END
    while (left := shared.look()) and time.monotonic() < until:
        time.sleep(0.5)
    shared.end()
    record = shared.record
    broken = record.wrong + [f"{left} jobs have not ended"] * bool(left)
    broken += [f"{thread.name} has not ended" for thread in threads if thread.is_alive()]
    broken += broken_promises(shared)
    return {
        "store": options.store,
        "servers": options.servers,
        "ingesters": options.ingesters,
        "minutes": options.minutes,
        "uploads_accepted": len(record.uploads),
        "jobs_ended": dict(Counter(record.ended.values())),
        "ingested": len(record.ingested),
        "deleted": len(record.deleted),
        "answers": dict(record.answers),
        "faults": dict(faults),
        **refused,
        "broken": broken,
    }


def do_harm(shared: SharedHome, clusters: list[Cluster], ends: float, seed: int) -> Counter[str]:
    """Do harm every few seconds until the time is over, and repair it; return what was done."""
    chance, done = random.Random(seed), Counter[str]()
    ways = [*OF_SERVERS, "ingest killed", *(OF_POSTGRESQL if clusters else ())]
    while time.monotonic() < ends:
        time.sleep(chance.uniform(2.0, 8.0))
        way = chance.choice(ways)
        if way in OF_SERVERS:
            server = chance.choice(shared.servers)
            server.interrupt(way)
            server.wait_until_it_listens()
        elif way == "ingest killed":
            for process in list(shared.ingests.values()):
                process.kill()
        elif way == "connections cut":
            others = "pid <> pg_backend_pid() AND datname = 'citewell'"
            clusters[0].sql(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
            )
        else:
            clusters[0].stop("immediate")
            time.sleep(chance.uniform(0.0, 3.0))
            clusters[0].start()
        done[way] += 1
        kept = shared.record
        sys.stderr.write(f"{way}: {len(kept.uploads)} accepted, {len(kept.ended)} ended\n")
    return done


def _fail_over(shared: SharedHome, clusters: list[Cluster]) -> dict[str, object]:
    """Let the primary die and its replica take over; return how long what was refused."""
    primary, standby = clusters
    dead_at = time.monotonic()
    primary.stop("immediate")
    standby.promote()
    promoted_s = time.monotonic() - dead_at
    refused: dict[str, float] = {}
    waiting = {number: {"read", "write"} for number in range(len(shared.servers))}
    while any(waiting.values()) and time.monotonic() < dead_at + 120:
        for number, kinds in waiting.items():
            for kind in sorted(kinds):
                if _works(shared, number, kind):
                    refused[kind] = max(refused.get(kind, 0.0), time.monotonic() - dead_at)
                    kinds.discard(kind)
        time.sleep(0.1)
    return {
        "promoted_after_s": round(promoted_s, 1),
        "longest_refusals_s": {kind: round(seconds, 1) for kind, seconds in refused.items()},
        "never_again": {number: sorted(kinds) for number, kinds in waiting.items() if kinds},
    }


def _works(shared: SharedHome, number: int, kind: str) -> bool:
    """Return whether a server reads, or writes, the store."""
    server = shared.servers[number]
    if kind == "read":
        response = server.request("GET", "/v1/documents?limit=1")
        return response is not None and response.status_code == 200
    report = shared.record.next_number()
    name, content = a_report(report)
    headers = {"Idempotency-Key": f"upload {report}"}
    response = server.request(
        "POST", "/v1/documents", files={"file": (name, content)}, headers=headers
    )
    if response is None or response.status_code != 202:
        return False
    shared.record.uploads[report] = response.json()["job_id"]
    return True


def broken_promises(shared: SharedHome) -> list[str]:
    """Return what is wrong with what is stored now."""
    settings = read_settings(_of_citewell(shared.environment), home=shared.home, embedder="hash")
    record = shared.record
    with open_store(settings) as store:
        documents = store.documents(current_only=False)
        jobs = store.jobs(limit=1_000_000)
        owed = len(store.debts())
    held = Counter(document.sha256 for document in documents)
    expected = record.ingested | {n for n, how in record.ended.items() if how == "done"}
    broken = [f"{number}: {how}" for number, how in record.ended.items() if how == "LOST"]
    broken += [f"{owed} deletions are not complete"] * bool(owed)
    if {job.job_id for job in jobs} != set(record.uploads.values()):
        broken.append(f"{len(jobs)} jobs are stored, {len(record.uploads)} were accepted")
    for number in sorted(expected):
        copies = held[sha256_of(a_report(number)[1])]
        if copies != (0 if number in record.deleted else 1):
            gone = "deleted" if number in record.deleted else "kept"
            broken.append(f"report {number}, {gone}, is stored {copies} times")
    broken += [f"{path.name} was left" for path in (shared.home / "uploads").glob("j*")]
    broken += [f"{each.check}: {each.detail}" for each in examine(settings) if not each.ok]
    return broken


def _of_citewell(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith("CITEWELL_")}


if __name__ == "__main__":
    sys.exit(main())
