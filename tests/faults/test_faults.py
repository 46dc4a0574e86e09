"""A sample of the points at which something is written: it fails or the process ends there."""

import json
import subprocess
import sys

import pytest

from tests.faults.operations import OPERATIONS
from tests.faults.running import sampled

FEWEST_POINTS = {
    "backing up": 200,
    "restoring": 200,
    "publishing": 60,
    "deleting": 35,
    "uploading": 25,
    "exporting": 5,
    "rolling back": 5,
}
# A backup opens, writes and renames each file of a home; the whole sample takes minutes. An odd
# number, so that points fail and crash by turns.
ONE_IN = {"backing up": "13", "restoring": "31"}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_one_fault_leaves_the_next_writer_makes_whole(operation: str) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.faults.running", operation),
            *("--sample", "--one-in", ONE_IN.get(operation, "1")),
        ],
        capture_output=True,
        text=True,
    )
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert found["broken"] == []
    assert len(found["points"]) >= FEWEST_POINTS[operation]


def test_a_sample_has_the_first_and_the_last_of_equal_points_by_turns() -> None:
    points = ["open a", "write a", "write a", "write a", "write a", "fsync a"]
    assert sampled(points) == [("fail", 1), ("crash", 2), ("fail", 5), ("crash", 6)]
    assert sampled(["commit"]) == [("fail", 1)]
    assert sampled([]) == []
