"""Lines of JSON-lines files; one that cannot be read is named with its field."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from corpus.errors import InputError


@contextmanager
def reading_line(line: str, where: str) -> Iterator[None]:
    """Turn what JSON and pydantic say of a line into an InputError.

    `where` names the file and the number of the line.

    Raises: InputError if it is not JSON, or a field is missing or of the wrong kind.
    """
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "the line"
        raise InputError(
            f"{where}: found {first['input']!r:.60} at `{name}`; expected: {first['msg']}."
        ) from error
    except ValueError as error:
        raise InputError(
            f"{where}: found {line[:60]!r}; expected a JSON object ({error})."
        ) from error
