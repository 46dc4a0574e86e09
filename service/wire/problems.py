"""Errors as they go over HTTP: RFC 9457 `application/problem+json`, one shape for all of them.

A problem's `type` is stable and is what a program should look at; `detail` is for people. The
types are listed in docs/reference/http.md.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from corpus import errors
from corpus.source_name import without_folders

# A browser asks for name and password and takes the key as the password; a program sends Bearer.
# Basic stands first: Chromium looks at the first scheme of a header that names several.
CHALLENGE = 'Basic realm="citewell", charset="UTF-8", Bearer realm="citewell"'
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with a request: where (a JSON pointer or parameter name) and what."""

    pointer: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """An error (RFC 9457). `errors` lists single fields that are wrong."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: tuple[FieldError, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Kind:
    """What errors of one class have in common."""

    name: str
    title: str
    status: int


INPUT = Kind("input", "The request is wrong", 422)
MALFORMED = Kind("malformed", "The request cannot be read", 400)
INTERNAL = Kind("internal", "Something went wrong on the server", 500)
TOO_LARGE = Kind("too-large", "The request is too large", 413)

# The first class that an error is an instance of decides: children stand before parents.
KINDS: tuple[tuple[type[errors.CitewellError], Kind], ...] = (
    (errors.QuestionError, Kind("question", "The question cannot be asked", 422)),
    (errors.FilterError, Kind("filter", "The filter cannot be applied", 422)),
    (errors.InputError, INPUT),
    (errors.PasswordError, Kind("password", "The file needs its password", 422)),
    (errors.UnsupportedError, Kind("unsupported", "No reader knows this kind of file", 415)),
    (errors.ReadError, Kind("unreadable", "The file cannot be read", 422)),
    (errors.NotFoundError, Kind("not-found", "There is no such thing", 404)),
    (errors.StoreError, Kind("store", "The store does not answer", 503)),
    (errors.DamagedSnapshotError, Kind("damaged-snapshot", "The snapshot is damaged", 503)),
    (errors.MismatchError, Kind("mismatch", "The snapshot was made with other models", 503)),
    (errors.SnapshotError, Kind("snapshot", "There is no snapshot to answer from", 503)),
    (errors.ForbiddenError, Kind("forbidden", "The key may not do this", 403)),
    (errors.HostError, Kind("host", "The server has not this name", 421)),
    (errors.AccessError, Kind("key", "A key is needed", 401)),
    (errors.RateError, Kind("rate", "Too many requests", 429)),
    (errors.BusyError, Kind("busy", "The server is busy", 503)),
    (errors.ModelError, Kind("model", "A model cannot be used", 503)),
    (errors.CitewellError, INTERNAL),
)

HTTP_KINDS: Mapping[int, Kind] = {
    400: MALFORMED,
    403: Kind("cross-site", "The request comes from another site", 403),
    404: Kind("not-found", "There is no such thing", 404),
    405: Kind("method", "The address does not take this method", 405),
    408: Kind("slow-body", "The body comes too slowly", 408),
    413: TOO_LARGE,
    503: Kind("not-ready", "The server is not ready", 503),
}

HTTP_DETAILS: Mapping[int, str] = {
    400: "The body cannot be read. Send JSON as application/json, files as multipart/form-data.",
    404: "There is nothing at this address; /docs lists what there is.",
    408: "The rest of the body did not come in time. Send the request again, without pauses.",
    405: "Use one of the methods in the Allow header; /docs lists them.",
}

# Given to the application once, so that each route says in OpenAPI how it fails.
RESPONSES: dict[int | str, dict[str, object]] = {
    "default": {
        "description": "What went wrong, as a problem (RFC 9457).",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


def add_problem_schema(description: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI description with the schemas that RESPONSES names."""
    schema = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
    parts = schema.pop("$defs") | {"Problem": schema}
    description.setdefault("components", {}).setdefault("schemas", {}).update(parts)
    return description


def kind_of(error: errors.CitewellError) -> Kind:
    """Return what the error is over HTTP."""
    return next(kind for cls, kind in KINDS if isinstance(error, cls))


def problem_of(
    kind: Kind, detail: str, *, instance: str, errors: Sequence[FieldError] = ()
) -> Problem:
    """Return the problem of one occurrence; `instance` is the path that was asked for."""
    return Problem(
        f"/problems/{kind.name}", kind.title, kind.status, detail, instance, tuple(errors)
    )


def problem_of_error(error: errors.CitewellError, *, instance: str) -> Problem:
    """Return the problem of an error of ours."""
    kind = kind_of(error)
    # Of what is wrong inside, whoever asks learns the file, not where it lies.
    inside = kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    detail = without_folders(str(error)) if inside else str(error)
    return problem_of(kind, detail, instance=instance)


def headers_of(error: errors.CitewellError) -> dict[str, str]:
    """Return the headers that go with an error: when to try again, and how to show a key."""
    if isinstance(error, errors.BusyError):
        return {"Retry-After": str(max(1, round(error.retry_after_s)))}
    if isinstance(error, errors.UnreachableError):
        return {"Retry-After": "2"}
    if isinstance(error, errors.AccessError) and kind_of(error).status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": CHALLENGE}
    return {}


def problem_json(problem: Problem) -> str:
    """Return the problem as JSON text; `errors` is left out when there are none.

    A lone surrogate that came in with the request goes out as its JSON escape.
    """
    members = {name: value for name, value in asdict(problem).items() if value != ()}
    text = json.dumps(members, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the problem as a response."""
    return Response(
        problem_json(problem), problem.status, media_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def field_errors(error: RequestValidationError | ValidationError) -> tuple[FieldError, ...]:
    """Return what is wrong with each field; what was sent is not repeated.

    An error of pydantic's own is of a body, or of what stands for one.
    """
    inside = () if isinstance(error, RequestValidationError) else ("body",)
    return tuple(
        FieldError(_pointer((*inside, *found["loc"])), _sentence(str(found["msg"])))
        for found in error.errors()
    )


def fields_said(found: Sequence[FieldError]) -> str:
    """Return what is wrong with the first five fields, for people."""
    return " ".join(f"{each.pointer or 'The body'}: {each.detail}" for each in found[:5])


def _pointer(place: Sequence[str | int]) -> str:
    where, *path = (str(part) for part in place)
    if where != "body":
        return ".".join(path) or where
    return "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in path)


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:] + ("" if message.endswith(".") else ".")


Respond = Callable[[Request, Problem, Mapping[str, str]], Response]


def install_handlers(app: FastAPI, respond: Respond) -> None:
    """Make every error of the application a problem, told by `respond`.

    The handlers are coroutines: a plain function would wait for a thread, and an error is often
    told because there is none.
    """

    async def on_citewell_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, errors.CitewellError)
        problem = problem_of_error(error, instance=request.url.path)
        return respond(request, problem, headers_of(error))

    async def on_validation_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        found = field_errors(error)
        detail = fields_said(found)
        if "/" not in detail and not request.headers.get("content-type", "").startswith(
            ("application/json", "multipart/form-data")
        ):
            detail += " Say what the body is: Content-Type: application/json."
        return respond(
            request, problem_of(INPUT, detail, instance=request.url.path, errors=found), {}
        )

    async def on_http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status = HTTPStatus(error.status_code)
        kind = HTTP_KINDS.get(status) or Kind("http", status.phrase, status.value)
        ours = error.detail != status.phrase and status != HTTPStatus.BAD_REQUEST
        detail = error.detail if ours else HTTP_DETAILS.get(status, f"{status.phrase}.")
        problem = problem_of(kind, detail, instance=request.url.path)
        return respond(request, problem, error.headers or {})

    async def on_unexpected_error(request: Request, error: Exception) -> Response:  # noqa: ARG001
        detail = "The server met an error that it did not expect; its log says more."
        return respond(request, problem_of(INTERNAL, detail, instance=request.url.path), {})

    app.add_exception_handler(errors.CitewellError, on_citewell_error)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(Exception, on_unexpected_error)
