"""Requests have ids, and the log tells of each without what was asked."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from service.observing.logs import JsonLines
from tests.service.conftest import Served
from tests.service.small_collection import QUESTION

REQUESTS = "service.http.request_log"


def test_a_clients_own_request_id_comes_back(served: Served) -> None:
    answer = served.client.get("/health", headers={"X-Request-Id": "checkout-17"})
    assert answer.headers["X-Request-Id"] == "checkout-17"


@pytest.mark.parametrize("sent", ["", "two words", "x" * 129, '"}'])
def test_what_is_no_request_id_gets_a_new_one(served: Served, sent: str) -> None:
    given = served.client.get("/health", headers={"X-Request-Id": sent}).headers["X-Request-Id"]
    assert given.startswith("r")
    assert given != sent


def test_errors_have_the_id_as_well(served: Served) -> None:
    answer = served.client.get("/v1/documents/nothing", headers={"X-Request-Id": "a1"})
    assert answer.status_code == 404
    assert answer.headers["X-Request-Id"] == "a1"


def test_a_question_is_logged_by_its_route_and_never_by_its_text(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.handler.setFormatter(JsonLines())
    body = {"question": QUESTION}
    served.client.post("/v1/ask", json=body, headers={"X-Request-Id": "a2"})
    served.client.get("/", params={"q": "Almaty?"})
    lines = [json.loads(line) for line in caplog.text.splitlines() if line.startswith("{")]
    [asked] = [line for line in lines if line.get("route") == "/v1/ask"]
    assert asked["request_id"] == "a2"
    assert (asked["method"], asked["status"]) == ("POST", 200)
    assert asked["duration_s"] > 0
    ours = [line for line in lines if line["logger"].startswith(("service.", "index.", "ingest."))]
    assert "Almaty" not in json.dumps(ours)


def test_paths_without_a_route_share_a_name(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, REQUESTS)
    served.client.get("/no/such/page")
    assert [vars(each)["route"] for each in caplog.records if each.name == REQUESTS] == [
        "unmatched"
    ]


def test_a_log_format_that_there_is_not_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "citewell", "--home", str(tmp_path), "serve", "--log-format", "xml"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "CITEWELL_LOG_FORMAT: found 'xml'" in done.stderr
