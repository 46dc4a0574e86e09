"""Signing in with a key in the browser, signing out, and choosing the language of the pages."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from corpus.errors import AccessError, ForbiddenError
from service.access.access import access_of_key
from service.http.web.pages import sign_in_page
from service.http.web.viewer import KEY_COOKIE, LANGUAGE_COOKIE, is_token, viewer
from service.messages.catalogue import LANGUAGES
from service.routing.dependencies import EngineOf

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

SECONDS_SIGNED_IN = 30 * 24 * 3600
SECONDS_OF_LANGUAGE = 365 * 24 * 3600

Back = Annotated[str, Query(description="The page to go back to.")]


@router.get("/language")
def language(to: Annotated[str, Query()] = "en", back: Back = "/") -> RedirectResponse:
    """Let pages be in another language from now on."""
    response = RedirectResponse(local(back), 303)
    if to in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, to, max_age=SECONDS_OF_LANGUAGE, httponly=True, samesite="lax"
        )
    return response


@router.get("/sign-in")
def form(back: Back = "/") -> HTMLResponse:
    """Show the form for a key."""
    return sign_in_page(back=local(back))


@router.post("/sign-in")
async def sign_in(
    request: Request,
    engine: EngineOf,
    key: Annotated[str, Form(max_length=200)] = "",
    back: Annotated[str, Form(max_length=4000)] = "/",
) -> Response:
    """Keep the key in a cookie that no script reads, and go back to the page."""
    secret = key.strip()
    try:
        await run_in_threadpool(access_of_key, secret, engine.store)
    except AccessError:
        return sign_in_page(back=local(back), wrong=True)
    response = RedirectResponse(local(back), 303)
    response.set_cookie(
        KEY_COOKIE,
        secret,
        max_age=SECONDS_SIGNED_IN,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https" or engine.settings.base_url.startswith("https:"),
    )
    return response


@router.post("/sign-out")
def sign_out(csrf: Annotated[str, Form(max_length=100)] = "") -> RedirectResponse:
    """Forget the key. Raises: ForbiddenError where the form is not one of our pages."""
    held = viewer().key
    if held is not None and not is_token(csrf, held):
        raise ForbiddenError("The form is not of a page of this server. Load the page again.")
    response = RedirectResponse("/", 303)
    response.delete_cookie(KEY_COOKIE, httponly=True, samesite="lax")
    return response


def local(address: str) -> str:
    """Return an address of this server as it is; `/` in the place of any other.

    >>> local("/find?q=a"), local("//evil.example/"), local("https://evil.example/")
    ('/find?q=a', '/', '/')
    """
    parts = urlsplit(address)
    safe = address.startswith("/") and not address.startswith(("//", "/\\"))
    odd = any(ord(character) < 32 for character in address) or "\\" in address
    return address if safe and not odd and not parts.netloc else "/"
