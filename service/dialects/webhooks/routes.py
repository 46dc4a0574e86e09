"""Where Slack and Microsoft Teams send questions. Each request is proved by its signature."""

from functools import partial
from typing import Annotated, Any
from urllib.parse import parse_qs

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Request
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse, PlainTextResponse, Response

from service.dialects.slack import translation as slack
from service.dialects.webhooks.replying import Integrations

# Not in the API's description: only those services can ask here.
router = APIRouter(prefix="/integrations", include_in_schema=False)

IN_CHANNEL = "here:"


def integrations_of(request: Request) -> Integrations:
    """Return what the application was made with."""
    found = request.app.state.integrations
    assert isinstance(found, Integrations)
    return found


IntegrationsOf = Annotated[Integrations, Depends(integrations_of)]
Signature = Annotated[str, Header(alias="X-Slack-Signature")]
Timestamp = Annotated[str, Header(alias="X-Slack-Request-Timestamp")]


@router.post("/slack/commands")
async def slack_command(
    request: Request, ours: IntegrationsOf, signature: Signature = "", timestamp: Timestamp = ""
) -> Response:
    """Say at once that the question has come, and send the answer to its `response_url`.

    `/ask here: …` shows the answer to the whole channel.
    """
    ours.require_slack()
    body = await request.body()
    await to_thread.run_sync(
        partial(ours.check_slack, body, timestamp=timestamp, signature=signature)
    )
    form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    text, url = (form.get(name, [""])[0].strip() for name in ("text", "response_url"))
    if not text:
        return JSONResponse(slack.note("Ask a question: /ask Who chairs the Bali Process?"))
    in_channel = text.lower().startswith(IN_CHANNEL)
    question = text[len(IN_CHANNEL) :].strip() if in_channel else text
    answering = BackgroundTask(ours.answer_command, question, url, in_channel=in_channel)
    return JSONResponse(slack.note(f"Looking for: {question[:200]}"), background=answering)


@router.post("/slack/events")
async def slack_event(
    request: Request, ours: IntegrationsOf, signature: Signature = "", timestamp: Timestamp = ""
) -> Response:
    """Take an event, and answer mentions and direct messages in their thread."""
    ours.require_slack()
    body = await request.body()
    await to_thread.run_sync(
        partial(ours.check_slack, body, timestamp=timestamp, signature=signature)
    )
    challenge, asked = await to_thread.run_sync(ours.event_of, body)
    if challenge is not None:
        return PlainTextResponse(challenge)
    answering = BackgroundTask(ours.answer_event, **asked) if asked else None
    return JSONResponse({"ok": True}, background=answering)


@router.post("/teams")
async def teams_message(
    request: Request, ours: IntegrationsOf, authorization: Annotated[str, Header()] = ""
) -> Any:
    """Answer a message to the outgoing webhook with a card."""
    ours.require_teams()
    return await ours.answer_teams(await request.body(), authorization=authorization)
