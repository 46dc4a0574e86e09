"""Does an ingest that is killed at any moment end as if it had not been?

Each trial kills a fresh ingest with SIGKILL at a random moment, checks that the home is whole,
runs the same command again, and compares the snapshot with that of an undisturbed ingest.

    python -m benchmarks.robustness.crashes corpus/reports --kills 30
    python -m benchmarks.robustness.crashes corpus/reports/0*.pdf --mixed --kills 50

With `--mixed` a file of each office format, a message, an archive and scans to be read from their
image are made and ingested too.
"""

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.robustness.hostile_files import sound_files
from tests.ingest.scan_files import prose, scan_of
from tests.service.command_line import CommandLine, end

# A file of each office format, two messages and an archive, as docs/research says.
MIXED = ("docx", "pptx", "xlsx", "odt", "epub", "eml", "msg", "zip")


def main() -> int:
    """Run the trials and print what was found; exit 1 if a snapshot differed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.crashes", description=__doc__
    )
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mixed", action="store_true", help="office files and scans, too")
    parser.add_argument("--doubles", action="store_true", help="offline doubles: a quick run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="citewell-crashes-") as folder:
        paths = [*options.paths, *([mixed_files(Path(folder))] if options.mixed else [])]
        found = study(paths, options.kills, options.seed, Path(folder), options.doubles)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0 if found["equal"] == found["kills"] else 1


def study(
    paths: list[str], kills: int, seed: int, folder: Path, doubles: bool
) -> dict[str, object]:
    """Return how many of the killed ingests ended with the snapshot of the undisturbed one."""
    environment = {} if not doubles else CommandLine(folder).environment
    undisturbed = CommandLine(folder / "whole", environment)
    began = time.monotonic()
    undisturbed.run("ingest", *paths)
    seconds = time.monotonic() - began
    wanted = snapshot_of(undisturbed)
    chance = random.Random(seed)
    moments, equal, killed = [], 0, 0
    for number in range(kills):
        cli = CommandLine(folder / f"killed-{number}", environment)
        process = cli.start("ingest", *paths)
        moment = chance.uniform(0.0, seconds)
        time.sleep(moment)
        killed += process.poll() is None
        end(process, signal.SIGKILL)
        cli.run("ingest", *paths)
        equal += snapshot_of(cli) == wanted
        cli.run("doctor")
        moments.append(round(moment, 2))
        shutil.rmtree(cli.home)
        sys.stderr.write(f"{number + 1}/{kills}: {equal} equal\n")
    return {
        "kills": kills,
        "killed_while_running": killed,
        "equal": equal,
        "snapshot": wanted,
        "undisturbed_s": round(seconds, 1),
        "moments_s": moments,
    }


def mixed_files(folder: Path) -> str:
    """Write files of many formats, and scans without a text layer; return their folder."""
    sound = sound_files()
    files = {f"sound.{ending}": sound[ending] for ending in MIXED}
    files |= {f"scan-{seed}.pdf": scan_of(prose(seed), seed) for seed in range(3)}
    inputs = folder / "mixed"
    inputs.mkdir(parents=True)
    for name, content in files.items():
        (inputs / name).write_bytes(content)
    return str(inputs)


def snapshot_of(cli: CommandLine) -> str:
    """Return the id of the snapshot that answers."""
    return (cli.home / "snapshots" / "CURRENT").read_text().strip()


if __name__ == "__main__":
    sys.exit(main())
