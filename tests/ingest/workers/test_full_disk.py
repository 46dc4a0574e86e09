"""A disk that is full while a file is read is not the file's fault."""

from collections.abc import Callable

import pytest

from ingest.workers.limited_workers import LimitedWorkers, WorkerLimits, failure
from tests.ingest.workers import attempting

LIMITS = WorkerLimits(timeout_s=20)


@pytest.mark.parametrize(
    ("act", "blamed"),
    [(attempting.write_on_a_full_disk, False), (attempting.open_what_is_not_there, True)],
)
def test_only_another_error_is_blamed_on_the_file(
    act: Callable[[bytes], bytes], blamed: bool
) -> None:
    with (
        LimitedWorkers(LIMITS, attempting.ready) as workers,
        pytest.raises(Exception, match=r".") as raised,
    ):
        workers.begin(act, b"").result()
    said = str(failure(raised.value, "Reading", LIMITS, advice=""))
    assert ("export it again" in said) == blamed
    assert ("there is no room" in said) != blamed
