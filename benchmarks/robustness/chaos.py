"""Does a home keep all it has promised while everything happens at once, and anything dies?

Over servers of one home reports are uploaded, ingested, edited, deleted and asked for, snapshots
are exported and rolled back, and backups made, all in parallel, while servers, ingests, backups and
PostgreSQL are killed at random, a disk is full for a while, and connections are cut.

At the end every report that was acknowledged is stored once, with the title that was acknowledged
last; every job has ended once, every deletion is complete; every quote was whole, of its report,
with its checksums, and not of one that had been deleted; `citewell doctor` finds nothing; every
backup is whole, and the first and the last one, restored, hold what they must and nothing deleted.

    python -m benchmarks.robustness.chaos --minutes 5
    python -m benchmarks.robustness.chaos --minutes 30 --store postgresql
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.robustness.chaotic_home import ChaoticHome
from benchmarks.robustness.interruptions import a_report
from benchmarks.robustness.postgres import broken_promises, do_harm, keep_logs, shared_store
from benchmarks.robustness.shared_home import noting_errors
from corpus.ids import sha256_of
from service.access.opening import open_store
from service.backups.repository import Repository
from service.backups.restoring import check_backup, restore
from service.examining.examining import examine
from service.settings.environment import read_settings
from service.settings.settings import Settings
from tests.postgres import Cluster
from tests.service.command_line import OFFLINE_DOUBLES, CommandLine

SECONDS_TO_END = 300.0


def main() -> int:
    """Run the study and print what was found; exit 1 if a promise was broken."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.chaos",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--ingesters", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--logs", type=Path, help="Folder to keep the logs of the servers in.")
    options = parser.parse_args()
    clusters: list[Cluster] = []
    try:
        environment = shared_store(clusters, False) if options.store == "postgresql" else {}
        with tempfile.TemporaryDirectory(prefix="citewell-chaos-") as folder:
            home = ChaoticHome(Path(folder), environment, options.servers)
            try:
                found = study(
                    home, clusters, options.ingesters, minutes=options.minutes, seed=options.seed
                )
            finally:
                home.end()
                keep_logs(home, options.logs)
    finally:
        for cluster in clusters:
            cluster.remove()
    sys.stdout.write(json.dumps({"store": options.store, **found}, indent=2) + "\n")
    return 1 if found["broken"] else 0


def study(
    home: ChaoticHome, clusters: Sequence[Cluster], ingesters: int, *, minutes: float, seed: int
) -> dict[str, object]:
    """Return what became of everything that was asked for."""
    home.start()
    threads = [
        threading.Thread(target=noting_errors(act, home.record.wrong, name), daemon=True, name=name)
        for name, act in _acts(home, ingesters, seed)
    ]
    for thread in threads:
        thread.start()
    faults = do_harm(home, list(clusters), time.monotonic() + 60 * minutes, seed)
    home.start()
    home.stopping.set()
    for thread in threads:
        thread.join(SECONDS_TO_END)
    until = time.monotonic() + SECONDS_TO_END
    while (left := home.look()) and time.monotonic() < until:
        time.sleep(0.5)
    home.end()
    _ingest_once_more(home)
    record, chores = home.record, home.chores
    broken = record.wrong + [f"{left} jobs have not ended"] * bool(left)
    broken += [f"{thread.name} has not ended" for thread in threads if thread.is_alive()]
    broken += broken_promises(home) + _broken_titles(home) + _broken_backups(home)
    return {
        "minutes": minutes,
        "uploads_accepted": len(record.uploads),
        "jobs_ended": dict(Counter(record.ended.values())),
        "ingested": len(record.ingested),
        "deleted": len(record.deleted),
        "answers": dict(record.answers),
        "other": dict(chores.done),
        "faults": dict(faults),
        "differing": chores.differing[:3],
        "broken": broken,
    }


def _acts(home: ChaoticHome, ingesters: int, seed: int) -> list[tuple[str, Callable[[], None]]]:
    """Return what is done all at once, with what each is called in a finding."""
    return [
        *((f"ingest {which}", partial(home.ingest, which)) for which in range(ingesters)),
        *((f"ask {which}", partial(home.ask, seed + which)) for which in range(2)),
        ("delete", partial(home.delete, seed)),
        ("edit", partial(home.edit, seed)),
        ("roll back", partial(home.roll_back, seed)),
        ("upload", home.upload),
        ("back up", home.back_up),
        ("export", home.export),
        ("watch", home.watch),
    ]


def _ingest_once_more(home: ChaoticHome) -> None:
    """Let a writer come who completes what was interrupted, and publishes what is stored."""
    number = home.record.next_number()
    name, content = a_report(number)
    (home.folder / name).write_bytes(content)
    cli = CommandLine(home.home, {**OFFLINE_DOUBLES, **home.environment})
    out = cli.run("ingest", str(home.folder / name), "--json").json
    home.record.ingested.add(number)
    home.record.doc_ids[number] = out["documents"][0]["doc_id"]


def settings_of(chaotic: ChaoticHome, home: Path) -> Settings:
    """Return the settings of the servers, of another home."""
    named = {**OFFLINE_DOUBLES, **chaotic.environment}
    given = {k: v for k, v in named.items() if k.startswith("CITEWELL_")}
    return read_settings(given, home=home)


def _broken_titles(home: ChaoticHome) -> list[str]:
    with open_store(settings_of(home, home.home), read_only=True) as store:
        titles = {document.sha256: document.title for document in store.documents()}
    broken = []
    for number, title in home.chores.titles.items():
        found = titles.get(sha256_of(a_report(number)[1]))
        if found is not None and found not in {title, *home.chores.unsure.get(number, ())}:
            broken.append(f"report {number} is titled {found!r}, and {title!r} was acknowledged")
    return broken


def _broken_backups(home: ChaoticHome) -> list[str]:
    """Return what is wrong with the backups, and with two of them restored."""
    if not home.chores.backups:
        return ["no backup was made"]
    repository = Repository.open(home.backups, None)
    known = [each for each in repository.ids() if each in home.chores.backups]
    broken = [
        f"backup {each}: {problem}"
        for each in repository.ids()
        for problem in check_backup(repository, each).problems
    ]
    for backup_id in dict.fromkeys((known[0], known[-1])):
        settings = settings_of(home, home.folder / f"of-{backup_id}")
        settings = settings.model_copy(update={"store": None})
        restore(repository, settings, backup_id=backup_id)
        broken += _broken_restored(home, backup_id, settings)
    return broken


def _broken_restored(home: ChaoticHome, backup_id: str, settings: Settings) -> list[str]:
    stored, gone = home.chores.backups[backup_id]
    with open_store(settings, read_only=True) as store:
        held = {document.sha256 for document in store.documents(current_only=False)}
    broken = [
        f"backup {backup_id}, restored: {each.check}: {each.detail}"
        for each in examine(settings)
        if not each.ok and not (each.check == "answering" and "publish again" in each.detail)
    ]
    for number in sorted(stored - home.record.deleted):
        if sha256_of(a_report(number)[1]) not in held:
            broken.append(f"report {number} is not in backup {backup_id}")
    for number in sorted(gone):
        if sha256_of(a_report(number)[1]) in held:
            broken.append(f"report {number}, deleted before, is in backup {backup_id}")
    return broken


if __name__ == "__main__":
    sys.exit(main())
