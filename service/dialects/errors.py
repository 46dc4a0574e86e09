"""Problems in the shape that the clients of each dialect look for."""

from service.wire.problems import Problem

OPENAI_PATHS = (
    "/v1/chat/completions",
    "/v1/responses",
    "/v1/models",
    "/v1/embeddings",
    "/v1/vector_stores",
)
ANTHROPIC_PATHS = ("/v1/messages",)
COHERE_PATHS = ("/v2/chat",)

_OPENAI_TYPES = {
    401: "invalid_request_error",
    403: "invalid_request_error",
    429: "requests",
}
_ANTHROPIC_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
}


def error_in_dialect(path: str, problem: Problem) -> dict[str, object] | None:
    """Return the body of an error for the dialect of a path; None where it is our own."""
    if _is_below(path, OPENAI_PATHS):
        return openai_error(problem)
    if _is_below(path, ANTHROPIC_PATHS):
        return anthropic_error(problem)
    if _is_below(path, COHERE_PATHS):
        return {"message": problem.detail}
    return None


def openai_error(problem: Problem) -> dict[str, object]:
    """Return the problem as OpenAI writes errors."""
    first = problem.errors[0].pointer if problem.errors else None
    kind = "server_error" if problem.status >= 500 else "invalid_request_error"
    return {
        "error": {
            "message": problem.detail,
            "type": _OPENAI_TYPES.get(problem.status, kind),
            "param": first.strip("/").replace("/", ".") if first else None,
            "code": _openai_code(problem),
        }
    }


def anthropic_error(problem: Problem) -> dict[str, object]:
    """Return the problem as Anthropic writes errors."""
    kind = "api_error" if problem.status >= 500 else "invalid_request_error"
    kind = _ANTHROPIC_TYPES.get(problem.status, kind)
    return {"type": "error", "error": {"type": kind, "message": problem.detail}}


def _openai_code(problem: Problem) -> str | None:
    codes = {401: "invalid_api_key", 429: "rate_limit_exceeded"}
    return codes.get(problem.status, problem.type.rpartition("/")[2])


def _is_below(path: str, prefixes: tuple[str, ...]) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)
