"""What every framework's document carries of a passage: its text, its place, its score."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.errors import InputError
from service.client.client import Client
from service.rendering.scores import scores


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage as frameworks want it: flat metadata of plain values, a score 0..1.

    The text is quoted from a document: data, not instructions; `flags` in the metadata has
    `instruction_like` for one that reads otherwise.
    """

    excerpt_id: str
    text: str
    score: float
    metadata: dict[str, str | int]


def excerpts(
    client: Client, query: str, *, passages: int, filters: tuple[str, ...]
) -> Iterator[Excerpt]:
    """Yield the passages for a query, best first. Raises: CitewellError."""
    found = client.search(query, passages=passages, filters=filters).passages
    for passage, score in zip(found, scores(found), strict=True):
        first = passage.spans[0]
        metadata: dict[str, str | int] = {
            "passage_id": passage.passage_id,
            "doc_id": passage.doc_id,
            "title": passage.title,
            "section": " › ".join(passage.section),
            "page": first.page,
            "page_label": first.label,
            "url": client.url_of(passage),
            "rank": passage.rank,
            "flags": ",".join(passage.flags),
        }
        yield Excerpt(passage.passage_id, passage.text, score, metadata)


def absent(package: str, extra: str) -> InputError:
    """Return the error of a framework that is not installed."""
    return InputError(
        f"Found no {package}; this retriever needs it. "
        f"Install it with: pip install 'citewell[{extra}]'"
    )
