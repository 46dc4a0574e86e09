"""A problem as its reader wants it: a page, problem+json, or the shape of a dialect."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response

from service.dialects.registry import DIALECTS
from service.http.web.pages import problem_page
from service.wire.problems import Problem, problem_response


def respond(path: str, accept: str, problem: Problem, headers: Mapping[str, str]) -> Response:
    """Return the response of a problem at a path, for what its client accepts."""
    dialect = next((each for each in DIALECTS if each.has(path)), None)
    if dialect is not None:
        status = 400 if problem.status == 422 else problem.status  # theirs have no 422
        text = json.dumps(dialect.error(problem), ensure_ascii=False).encode(
            "utf-8", "backslashreplace"
        )
        return Response(text, status, dict(headers), "application/json")
    if "text/html" in accept and not path.startswith(("/v1/", "/v2/")):
        page: Response = problem_page(problem)
        page.headers.update(headers)
        if problem.status == HTTPStatus.UNAUTHORIZED:
            # The page asks for the key: a browser must not ask for a name and a password first.
            page.headers["WWW-Authenticate"] = 'Bearer realm="citewell"'
        return page
    return problem_response(problem, headers)
