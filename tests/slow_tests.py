"""Which tests are slow, from the durations that pytest prints.

A test is slow when its calls and fixtures take more than a second in all. Where a fixture that a
file's tests share takes that long, or most of its tests are slow, the whole file is.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable

SECONDS = 1.0
SHARED_SECONDS = 2.5
MOST = 0.7
HEAD = """\
# Tests that take more than a second, themselves or their fixtures: a file, or one of its tests.
# Written by scripts/write-slow-tests; `scripts/test --fast` leaves them out.
"""
LINE = re.compile(r"([\d.]+)s (call|setup|teardown) +(tests/\S+?\.py)::(.+)")


def slow_tests(lines: Iterable[str]) -> list[str]:
    """Return files and tests, sorted, from lines like `1.20s call     tests/test_a.py::test_b`."""
    seconds, shared = defaultdict[tuple[str, str], float](float), set[str]()
    for line in lines:
        if found := LINE.match(line.strip()):
            took, when, file, test = found.groups()
            seconds[file, test.partition("[")[0]] += float(took)
            if when == "setup" and float(took) >= SHARED_SECONDS:
                shared.add(file)
    tests = defaultdict[str, set[str]](set)
    for file, test in seconds:
        tests[file].add(test)
    slow: list[str] = []
    for file, names in tests.items():
        own = {name for name in names if seconds[file, name] >= SECONDS}
        whole = file in shared or (own and len(own) >= MOST * len(names))
        slow += [file] if whole else [f"{file}::{name}" for name in own]
    return sorted(slow)


if __name__ == "__main__":
    sys.stdout.write(HEAD + "".join(f"{test}\n" for test in slow_tests(sys.stdin)))
