"""Can a key tell by the clock whether another collection holds a document?

    python -m benchmarks.robustness.tenant_timing [--rounds 1000]

A home with two collections is asked with the key of one for a document of the other and for one
that there is not, in turn and in random order, on every route that names a document or a job.
Prints, for each, how often the other's took longer than the absent one's (0.5: nothing is told) and
the two-sided p of the Mann-Whitney test; exit 1 where p, times the number of routes, is below 0.01.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from scipy.stats import mannwhitneyu

from tests.service.tenants import Tenants, tenants

ABSENT = {"doc_id": "d0123456789abcdef", "job_id": "j0123"}
ROUTES = (
    ("GET", "/v1/documents/{doc_id}"),
    ("GET", "/v1/documents/{doc_id}/pages/1"),
    ("GET", "/v1/documents/{doc_id}/pages/1.png"),
    ("GET", "/v1/documents/{doc_id}/file"),
    ("GET", "/v1/documents/{doc_id}/quality"),
    ("PATCH", "/v1/documents/{doc_id}"),
    ("DELETE", "/v1/documents/{doc_id}"),
    ("GET", "/documents/{doc_id}"),
    ("GET", "/v1/jobs/{job_id}"),
)
LEAST_P = 0.01


def seconds_of(two: Tenants, method: str, path: str) -> float:
    """Return how long a refusal took."""
    body = {"title": "Mine"} if method == "PATCH" else None
    began = time.perf_counter()
    answer = two.client.request(method, path, json=body, headers=two.as_("ours"))
    took = time.perf_counter() - began
    assert answer.status_code == 404, (path, answer.text)
    return took


def study(home: Path, rounds: int, seed: int = 1) -> dict[str, dict[str, float]]:
    """Return, by route, how often the other's took longer, and p."""
    rng = random.Random(seed)
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    with tenants(home, key_requests_per_minute=10**9) as two:
        places = {"other": {"doc_id": str(two.theirs), "job_id": "j0d0d"}, "absent": ABSENT}
        tries = [(method, path, whose) for method, path in ROUTES for whose in places]
        for _ in range(rounds):
            for method, path, whose in rng.sample(tries, len(tries)):
                took = seconds_of(two, method, path.format_map(places[whose]))
                times[f"{method} {path}", whose].append(took)
    found = {}
    for method, path in ROUTES:
        other, absent = (times[f"{method} {path}", whose] for whose in ("other", "absent"))
        tested = mannwhitneyu(other, absent)
        found[f"{method} {path}"] = {
            "longer": round(float(tested.statistic) / len(other) / len(absent), 4),
            "p": float(tested.pvalue),
        }
    return found


def main() -> int:
    """Run the study."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness.tenant_timing")
    parser.add_argument("--rounds", type=int, default=1000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = study(Path(folder) / "home", given.rounds)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return int(min(each["p"] for each in found.values()) * len(found) < LEAST_P)


if __name__ == "__main__":
    sys.exit(main())
