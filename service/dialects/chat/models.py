"""What may be asked for as `model`, in every dialect that has models."""

from corpus.errors import NotFoundError

MODEL = "citewell"


def collections_of(model: str) -> tuple[str, ...] | None:
    """Return the collections that a model answers from, None for all. Raises: NotFoundError.

    A collection that does not exist and one that the key does not see both answer nothing.

    >>> collections_of("citewell/iscm")
    ('iscm',)
    """
    name, slash, collection = model.partition("/")
    if name != MODEL or (slash and not collection):
        raise no_model(model)
    return (collection,) if slash else None


def no_model(name: str) -> NotFoundError:
    """Return the error of a model that there is not."""
    return NotFoundError(f"The model {name!r} does not exist; GET /v1/models lists those that do.")
