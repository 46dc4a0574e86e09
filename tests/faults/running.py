"""Runs an operation once for each fault: it fails there once, and it ends there.

    python -m tests.faults.running publishing
    python -m tests.faults.running publishing --sample

Each run is a fork of this process, which has loaded everything and has no threads, over a copy of
one home. A second fork goes on from what the first one left, without a fault, and checks that all
is as if there had been none. Prints the points, how many faults were tried, and what did not hold,
as JSON. A sample takes a quarter of the time or less (see `sampled`).
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.faults.injecting import CRASHED, Fault, Mode
from tests.faults.operations import EXPECTED, OPERATIONS, Operation, prepare
from tests.service.small_collection import settings_of

MODES: tuple[Mode, ...] = ("fail", "crash")
WRONG = 67


@dataclass(frozen=True, slots=True)
class Place:
    """Where runs take place: the home to copy, and the folder of everything else."""

    base: Path
    folder: Path

    @property
    def log(self) -> Path:
        """What a fork wrote to its standard error."""
        return self.folder / "log"

    def copied(self) -> Path:
        """Return a fresh copy of the home, always at the same place."""
        home = self.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.base, home)
        return home


def main() -> int:
    """Run the faults of the named operation; return 1 if one left something broken."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.running",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("operation", choices=OPERATIONS)
    parser.add_argument("--sample", action="store_true", help="try a sample of the faults")
    parser.add_argument("--one-in", type=int, default=1, help="try one in so many of those")
    options = parser.parse_args()
    operation = OPERATIONS[options.operation]
    with tempfile.TemporaryDirectory(prefix="citewell-faults-") as name:
        place = Place(Path(name) / "base", Path(name))
        if why := forked(lambda: prepare(place.base), place.log):
            raise SystemExit(f"there is no home to begin with: {why}")
        points = counted(operation, place)
        faults = (sampled(points) if options.sample else every(points))[:: options.one_in]
        broken = [
            {"mode": mode, "at": at, "point": points[at - 1], "why": wrong}
            for mode, at in faults
            if (wrong := one(operation, place, mode, at))
        ]
    found = {"points": points, "faults": len(faults), "broken": broken}
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 1 if broken else 0


def every(points: Sequence[str]) -> list[tuple[Mode, int]]:
    """Return every fault: each point, numbered from 1, in each mode."""
    return [(mode, at) for mode in MODES for at in range(1, len(points) + 1)]


def sampled(points: Sequence[str]) -> list[tuple[Mode, int]]:
    """Return a sample of the faults: the points fail and crash by turns.

    Of equal points in a row, as when a file is written in pieces, the first and the last count.
    """
    taken = [
        at
        for at, point in enumerate(points, start=1)
        if point != (points[at - 2] if at > 1 else None)
        or point != (points[at] if at < len(points) else None)
    ]
    return [(MODES[turn % 2], at) for turn, at in enumerate(taken)]


def counted(operation: Operation, place: Place) -> list[str]:
    """Return the points of an operation in order."""
    home = place.copied()
    names = place.folder / "points"

    def run() -> None:
        fault = Fault(home, "count")
        fault.install()
        operation.act(settings_of(home))
        points = list(fault.points)
        names.write_text("\n".join(points))

    if why := forked(run, place.log):
        raise SystemExit(f"the operation fails by itself: {why}")
    return names.read_text().splitlines()


def one(operation: Operation, place: Place, mode: Mode, at: int) -> str:
    """Return what is wrong after one fault, nothing if all is as it should be."""
    home = place.copied()

    def interrupted() -> None:
        Fault(home, mode, at).install()
        with suppress(*EXPECTED):
            operation.act(settings_of(home))

    def after() -> None:
        operation.go_on(settings_of(home))
        operation.check(settings_of(home))

    return forked(interrupted, place.log) or forked(after, place.log)


def forked(act: Callable[[], object], log: Path) -> str:
    """Run an act in a fork; return the end of what it wrote where it raised, else nothing."""
    pid = os.fork()
    if pid == 0:
        with log.open("w") as out:
            os.dup2(out.fileno(), 2)
            try:
                act()
            except BaseException:  # noqa: BLE001  told to the parent
                traceback.print_exc()
                sys.stderr.flush()
                os._exit(WRONG)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return "" if code in (0, CRASHED) else f"exit {code}: {log.read_text()[-1500:]}"


if __name__ == "__main__":
    sys.exit(main())
