"""Saved answers, looked at again: checked, asked once more; and the key that signs them."""

import json
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from corpus.errors import InputError
from service.citations.receipt_signing import check_signature, key_set
from service.receipts.replaying import Recipe, Replay
from service.receipts.written_references import cited_reference
from service.routing.dependencies import AccessOf, ChecksFirst, DeskOf, EngineOf, StoreOf, needs
from service.values.verification import CitedReference, VerificationReport
from service.wire.wire import CiteBody, encodable

router = APIRouter(
    route_class=ChecksFirst, prefix="/v1", tags=["asking"], dependencies=[needs("read")]
)
public = APIRouter(include_in_schema=False)

SavedAnswer = Annotated[dict[str, object], Body(description="A saved Answer.")]


@router.post("/verify", summary="Check a saved answer again")
def verify(answer: SavedAnswer, engine: EngineOf, store: StoreOf) -> VerificationReport:
    """Check a saved answer: each citation is `ok`, `moved`, `altered` or `gone`, and its signature.

    Documents of other collections than the key's are as if they were not there.
    """
    return engine.verify(_encodable(answer), store)


@router.post("/cite", summary="Write the reference to a citation")
def cite(body: CiteBody, store: StoreOf) -> CitedReference:
    """Check one citation of a saved answer, and return the reference to its document and page.

    404 for a quote that stands nowhere any more.
    """
    return cited_reference(_encodable(body.answer), body.number, body.style, store)


@router.post("/replay", summary="Ask a saved answer's question again")
async def replay(answer: SavedAnswer, engine: EngineOf, access: AccessOf, desk: DeskOf) -> Replay:
    """Ask again from the snapshot that the receipt names; equal, or what differs.

    Settings other than this server's are taken only from a receipt that this server signed.
    """
    recipe = Recipe.of(_encodable(answer))
    if not recipe.as_set and check_signature(answer, engine.public_keys()) != "valid":
        raise InputError(
            "The receipt has settings that are not this server's, and no signature of this server "
            "over them. Replay it with the command line where its collection is."
        )
    limited = replace(recipe, request=access.limited(recipe.request))
    return await desk.run(engine.replay, answer, limited)


@public.get("/.well-known/jwks.json")
def signing_keys(engine: EngineOf) -> JSONResponse:
    """Return the public key that answers are signed with, as a JSON Web Key Set (RFC 7517)."""
    return JSONResponse(key_set(engine.public_keys()), media_type="application/jwk-set+json")


def _encodable(answer: dict[str, object]) -> dict[str, object]:
    try:
        encodable(json.dumps(answer, ensure_ascii=False))
    except ValueError as error:
        raise InputError(f"Not a saved Answer: {error}.") from error
    return answer
