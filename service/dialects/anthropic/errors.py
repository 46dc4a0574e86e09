"""Problems as Anthropic writes errors."""

from service.wire.problems import Problem

_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
}


def anthropic_error(problem: Problem) -> dict[str, object]:
    """Return the body of an error."""
    kind = "api_error" if problem.status >= 500 else "invalid_request_error"
    kind = _TYPES.get(problem.status, kind)
    return {"type": "error", "error": {"type": kind, "message": problem.detail}}
