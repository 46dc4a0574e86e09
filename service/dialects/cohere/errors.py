"""Problems as Cohere writes errors."""

from service.wire.problems import Problem


def cohere_error(problem: Problem) -> dict[str, object]:
    """Return the body of an error."""
    return {"message": problem.detail}
