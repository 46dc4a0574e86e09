"""Slack and Teams: requests signed as these services sign them, and requests that are not."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.signature import SignatureVerifier

from tests.service.live import READABLE, Live, live_server, marked_text
from tests.service.small_collection import QUESTION

SLACK = "8f742231b10e8888abcd99yyyzzz85a5"
TEAMS = base64.b64encode(b"a secret that Teams has made for us").decode()


@dataclass
class Received:
    """Another service: what was posted to it."""

    address: str
    posts: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    def wait(self, count: int) -> None:
        until = time.monotonic() + 20
        while len(self.posts) < count:
            assert time.monotonic() < until, "nothing was posted"
            time.sleep(0.01)


@pytest.fixture
def slack_itself() -> Iterator[Received]:
    """Slack's side: takes late answers and chat.postMessage."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.posts.append((self.path, dict(self.headers), json.loads(body)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    received = Received(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield received
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def live(tmp_path_factory: pytest.TempPathFactory, slack_itself: Received) -> Iterator[Live]:
    with live_server(
        tmp_path_factory.mktemp("chat") / "home",
        slack_signing_secret=SLACK,
        slack_bot_token="xoxb-1",
        slack_api_url=f"{slack_itself.address}/api",
        teams_secret=TEAMS,
    ) as server:
        yield server


def slack_headers(body: str, *, secret: str = SLACK, age_s: int = 0) -> dict[str, str]:
    when = str(int(time.time()) - age_s)
    signature = SignatureVerifier(secret).generate_signature(timestamp=when, body=body)
    assert signature
    return {"X-Slack-Request-Timestamp": when, "X-Slack-Signature": signature}


def post(live: Live, path: str, body: str, headers: dict[str, str]) -> httpx2.Response:
    return httpx2.post(
        f"{live.address}/integrations/{path}", content=body.encode(), headers=headers, timeout=20
    )


def command(question: str, received: Received) -> str:
    url = f"{received.address}/commands/1"
    return urlencode({"command": "/ask", "text": question, "response_url": url})


def test_a_slash_command_is_answered_at_once_and_then_at_its_url(
    live: Live, slack_itself: Received
) -> None:
    body = command(QUESTION, slack_itself)
    began = time.monotonic()
    first = post(live, "slack/commands", body, slack_headers(body))
    assert time.monotonic() - began < 3
    assert first.json()["response_type"] == "ephemeral"
    slack_itself.wait(1)
    path, _, message = slack_itself.posts[0]
    assert path == "/commands/1"
    assert message["response_type"] == "ephemeral"
    blocks = Block.parse_all(message["blocks"])
    for block in blocks:
        block.validate_json()
    text = json.dumps(message, ensure_ascii=False)
    assert READABLE in text
    url = text.split("<http", 1)[1].split("|")[0]
    assert marked_text(live, "http" + url) == READABLE


def test_a_command_may_answer_the_whole_channel(live: Live, slack_itself: Received) -> None:
    body = command(f"here: {QUESTION}", slack_itself)
    post(live, "slack/commands", body, slack_headers(body))
    slack_itself.wait(1)
    assert slack_itself.posts[0][2]["response_type"] == "in_channel"


def test_a_command_without_a_question_says_how_to_ask(live: Live, slack_itself: Received) -> None:
    body = command("", slack_itself)
    answer = post(live, "slack/commands", body, slack_headers(body)).json()
    assert "/ask" in answer["text"]
    assert not slack_itself.posts


def test_slack_s_challenge_is_repeated(live: Live) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"})
    assert post(live, "slack/events", body, slack_headers(body)).text == "3eZbrw1aB"


def event(**values: str) -> str:
    mention = {"type": "app_mention", "text": f"<@U1> {QUESTION}", "channel": "C1", "ts": "1.2"}
    return json.dumps({"type": "event_callback", "event_id": "Ev1", "event": mention | values})


def test_a_mention_is_answered_once_in_its_thread(live: Live, slack_itself: Received) -> None:
    body = event()
    for retry in range(3):  # Slack sends an event again when we were slow
        headers = slack_headers(body, age_s=100 * retry) | {"X-Slack-Retry-Num": str(retry)}
        assert post(live, "slack/events", body, headers).status_code == 200
    slack_itself.wait(1)
    time.sleep(0.3)
    [(path, headers, message)] = slack_itself.posts
    assert path == "/api/chat.postMessage"
    assert headers["Authorization"] == "Bearer xoxb-1"
    assert (message["channel"], message["thread_ts"]) == ("C1", "1.2")
    assert READABLE in json.dumps(message, ensure_ascii=False)


def test_what_a_bot_says_is_not_answered(live: Live, slack_itself: Received) -> None:
    body = event(bot_id="B1")
    assert post(live, "slack/events", body, slack_headers(body)).status_code == 200
    time.sleep(0.3)
    assert not slack_itself.posts


def teams_body(text: str = QUESTION, *, age_s: int = 0, number: int = 0) -> str:
    when = (datetime.now(UTC) - timedelta(seconds=age_s)).isoformat().replace("+00:00", "Z")
    activity = {"type": "message", "id": str(number), "timestamp": when}
    return json.dumps(activity | {"text": f"<at>citewell</at>&nbsp;{text}"})


def teams_headers(body: str, *, secret: str = TEAMS) -> dict[str, str]:
    digest = hmac.new(base64.b64decode(secret), body.encode(), hashlib.sha256).digest()
    return {"Authorization": f"HMAC {base64.b64encode(digest).decode()}"}


def test_teams_is_answered_with_a_card(live: Live) -> None:
    body = teams_body()
    message = post(live, "teams", body, teams_headers(body)).json()
    [attachment] = message["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    runs = [run for block in card["body"] for run in block["inlines"]]
    assert f"“{READABLE}”" in "".join(run["text"] for run in runs)
    [url] = [run["selectAction"]["url"] for run in runs if "selectAction" in run][:1]
    assert marked_text(live, url) == READABLE


def test_a_question_that_cannot_be_asked_is_told_in_teams(live: Live) -> None:
    body = teams_body("")
    assert "empty" in post(live, "teams", body, teams_headers(body)).json()["text"]


Sent = tuple[str, str, dict[str, str]]


def _slack(**how: Any) -> Sent:
    body = urlencode({"text": QUESTION, "response_url": "http://127.0.0.1:9/", "n": str(how)})
    return "slack/commands", body, slack_headers(body, **how)


def _teams(*, age_s: int = 0, secret: str = TEAMS) -> Sent:
    body = teams_body(age_s=age_s)
    return "teams", body, teams_headers(body, secret=secret)


ABUSE: dict[str, Callable[[], Sent]] = {
    "slack, another secret": lambda: _slack(secret="wrong"),
    "slack, late": lambda: _slack(age_s=330),
    "slack, from the future": lambda: _slack(age_s=-330),
    "slack, altered": lambda: (_slack()[0], _slack()[1] + "&x=1", _slack()[2]),
    "slack, no signature": lambda: (_slack()[0], _slack()[1], {}),
    "slack, odd time": lambda: (*_slack()[:2], _slack()[2] | {"X-Slack-Request-Timestamp": "1e3"}),
    "teams, another secret": lambda: _teams(secret=base64.b64encode(b"wrong").decode()),
    "teams, late": lambda: _teams(age_s=330),
    "teams, altered": lambda: (*(s := _teams())[:1], s[1].replace("Almaty", "Bali"), s[2]),
    "teams, no signature": lambda: (*_teams()[:2], {}),
}


@pytest.mark.parametrize("name", ABUSE)
def test_what_is_not_signed_just_now_is_refused(live: Live, name: str) -> None:
    path, body, headers = ABUSE[name]()
    response = post(live, path, body, headers)
    assert (response.status_code, response.json()["type"]) == (401, "/problems/key")


@pytest.mark.parametrize("sent", [_slack, _teams])
def test_a_request_that_is_sent_again_is_refused(live: Live, sent: Callable[[], Sent]) -> None:
    path, body, headers = sent()
    assert post(live, path, body, headers).status_code == 200
    again = post(live, path, body, headers)
    assert again.status_code == 401
    assert "already" in again.json()["detail"]


def test_without_its_secret_a_service_is_not_there(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with live_server(tmp_path_factory.mktemp("none") / "home") as live:
        for path, body, headers in (_slack(), _teams()):
            assert post(live, path, body, headers).status_code == 404
