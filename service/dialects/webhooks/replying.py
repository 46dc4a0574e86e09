"""Questions from Slack and Teams: proved, asked, and answered where they came from."""

import json
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import httpx2
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import CitewellError, InputError, NotFoundError
from service.access.access import ONLY_READING
from service.dialects.slack import translation as slack
from service.dialects.teams import translation as teams
from service.dialects.webhooks.signing import Once, Seen, SharedOnce, check_slack, check_teams
from service.engine.engine import Engine
from service.values.answer import Answer
from service.values.request import Request
from service.workload.bounded_queue import BoundedQueue

logger = logging.getLogger(__name__)

B = TypeVar("B", bound=BaseModel)

SECONDS_TO_SEND = 10
# Teams drops an answer that takes more than five seconds.
SECONDS_OF_TEAMS = 4.0
TOO_SLOW = "The answer takes longer than Teams waits; ask here: "


class _Activity(BaseModel):
    model_config = ConfigDict(extra="ignore")
    text: str = ""
    timestamp: str = ""


class _Event(BaseModel):
    model_config = ConfigDict(extra="ignore")
    type: str = ""
    text: str = ""
    channel: str = ""
    ts: str = ""
    thread_ts: str | None = None
    bot_id: str | None = None
    subtype: str | None = None


class _Envelope(BaseModel):
    model_config = ConfigDict(extra="ignore")
    type: str = ""
    challenge: str = ""
    event_id: str = ""
    event: _Event = _Event()


class Integrations:
    """What comes in from chat services. What checks or looks up may wait for the store."""

    def __init__(
        self, engine: Engine, desk: BoundedQueue, clock: Callable[[], float] = time.time
    ) -> None:
        self._engine = engine
        self._desk = desk
        self._clock = clock
        shared = engine.settings.layout.database is not None
        self._seen: Seen = SharedOnce(engine.store) if shared else Once(clock)
        self._events: Seen = SharedOnce(engine.store) if shared else Once(clock)

    def require_slack(self) -> str:
        """Return Slack's secret. Raises: NotFoundError if Slack is not set up."""
        secret = self._engine.settings.slack_signing_secret
        if not secret:
            raise NotFoundError("Slack is not set up here: set CITEWELL_SLACK_SIGNING_SECRET.")
        return secret

    def require_teams(self) -> str:
        """Return Teams' secret. Raises: NotFoundError if Teams is not set up."""
        secret = self._engine.settings.teams_secret
        if not secret:
            raise NotFoundError("Teams is not set up here: set CITEWELL_TEAMS_SECRET.")
        return secret

    def check_slack(self, body: bytes, *, timestamp: str, signature: str) -> None:
        """Return if Slack sent this. Raises: AccessError; NotFoundError if Slack is not set up."""
        check_slack(
            body,
            timestamp=timestamp,
            signature=signature,
            secret=self.require_slack(),
            now=self._clock(),
            seen=self._seen,
        )

    async def answer_command(self, question: str, response_url: str, *, in_channel: bool) -> None:
        """Ask, and send the answer to where the slash command came from."""
        message = await self._slack_message(question, in_channel=in_channel)
        await anyio.to_thread.run_sync(_send, response_url, message, None)

    def event_of(self, body: bytes) -> tuple[str | None, dict[str, Any] | None]:
        """Return the challenge to repeat, or the message to answer; neither for what is not ours.

        An event that Slack sends again (because we were slow) is not answered again.
        """
        envelope = _validated(_Envelope, body)
        if envelope.type == "url_verification":
            return envelope.challenge, None
        event = envelope.event
        ours = event.type in ("app_mention", "message") and not (event.bot_id or event.subtype)
        if not ours or not self._events.first(envelope.event_id):
            return None, None
        return None, {
            "question": slack.question_in(event.text),
            "channel": event.channel,
            "thread_ts": event.thread_ts or event.ts,
        }

    async def answer_event(self, question: str, channel: str, thread_ts: str) -> None:
        """Ask, and post the answer in the thread of the event."""
        settings = self._engine.settings
        message = await self._slack_message(question, in_channel=True)
        message |= {"channel": channel, "thread_ts": thread_ts}
        address = f"{settings.slack_api_url.rstrip('/')}/chat.postMessage"
        await anyio.to_thread.run_sync(_send, address, message, settings.slack_bot_token)

    async def answer_teams(self, body: bytes, *, authorization: str) -> dict[str, Any]:
        """Return the card for an outgoing webhook's message.

        Raises: AccessError; NotFoundError if Teams is not set up.
        """
        secret = self.require_teams()
        activity = _validated(_Activity, body)
        check = partial(
            check_teams,
            body,
            authorization=authorization,
            secret=secret,
            sent_at=activity.timestamp,
            now=self._clock(),
            seen=self._seen,
        )
        await anyio.to_thread.run_sync(check)
        with anyio.move_on_after(SECONDS_OF_TEAMS):
            try:
                answer = await self._ask(teams.question_in(activity.text))
            except CitewellError as error:
                return teams.note(str(error))
            return teams.message(answer, self._engine.settings.base_url)
        return teams.note(TOO_SLOW + self._engine.settings.base_url)

    async def _slack_message(self, question: str, *, in_channel: bool) -> dict[str, Any]:
        try:
            answer = await self._ask(question)
        except CitewellError as error:
            return slack.note(str(error))
        return slack.message(answer, self._engine.settings.base_url, in_channel=in_channel)

    async def _ask(self, question: str) -> Answer:
        names = [n.strip() for n in self._engine.settings.integration_collections.split(",")]
        collections = tuple(name for name in names if name) or None
        request = ONLY_READING.limited(Request(collections=collections))
        return await self._desk.run(self._engine.ask, question, request)


def _validated(model: type[B], body: bytes) -> B:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise InputError("The body is not the JSON that the service sends.") from error


def _send(address: str, message: dict[str, Any], token: str | None) -> None:
    """Post a message; a failure is logged, for there is nobody left to tell."""
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        sent = httpx2.post(
            address,
            content=json.dumps(message, ensure_ascii=False).encode(),
            headers=headers,
            timeout=SECONDS_TO_SEND,
        )
        sent.raise_for_status()
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        logger.warning("the answer could not be sent: %s", error)
