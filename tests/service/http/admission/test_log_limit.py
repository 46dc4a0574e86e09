"""A log that a client cannot fill."""

import logging

import pytest

from service.http.admission.log_limit import LogLimit


def test_a_message_is_logged_so_many_times_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    log = logging.getLogger("tests.log_limit")
    log.addFilter(LogLimit(3, clock=lambda: now[0]))
    for number in range(1000):
        log.warning("Invalid request %d received.", number)
    log.warning("Something else.")
    assert len(caplog.messages) == 4
    now[0] = 61.0
    log.warning("Invalid request %d received.", 1000)
    assert caplog.messages[-1] == (
        "(997 like messages were left out.) Invalid request 1000 received."
    )
