"""Problems as OpenAI writes errors."""

from service.wire.problems import Problem

_TYPES = {
    401: "invalid_request_error",
    403: "invalid_request_error",
    429: "requests",
}
_CODES = {401: "invalid_api_key", 429: "rate_limit_exceeded"}


def openai_error(problem: Problem) -> dict[str, object]:
    """Return the body of an error."""
    first = problem.errors[0].pointer if problem.errors else None
    kind = "server_error" if problem.status >= 500 else "invalid_request_error"
    return {
        "error": {
            "message": problem.detail,
            "type": _TYPES.get(problem.status, kind),
            "param": first.strip("/").replace("/", ".") if first else None,
            "code": _CODES.get(problem.status, problem.type.rpartition("/")[2]),
        }
    }
