"""One query, understood: where to look, what is asked, in how many parts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.alias import AliasPair
from index.filters import Filters
from index.naming import NamedDocuments
from index.ports import RowMask
from index.ranking import Mode, Understood
from index.retrieval_settings import RetrievalSettings
from index.snapshot import DocumentRows, Snapshot
from index.splitting import parts_of
from index.understanding import readings_of

# How far the best document of a name stands before the sixth, where the words of the question do
# not say by themselves that a document is named.
_LEAD = 0.5


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """What is searched for, and in which rows; `limit` rows come from each search.

    `query` is the whole text with each name written in one way, `asked` the part of it that says
    what is asked, `parts` the questions that this is made of. Each of `scopes` is searched.
    """

    query: str
    asked: str
    parts: tuple[str, ...]
    aliases: tuple[AliasPair, ...]
    named: NamedDocuments | None
    scopes: tuple[RowMask | None, ...]
    mode: Mode
    limit: int

    @classmethod
    def of(
        cls,
        text: str,
        snapshot: Snapshot,
        settings: RetrievalSettings,
        *,
        k: int,
        mode: Mode = "hybrid",
        filters: Filters | None = None,
        collections: Sequence[str] | None = None,
    ) -> "QueryPlan":
        """Return the plan of a query. Raises: FilterError for a key that no document has."""
        permitted = snapshot.permitted(collections)
        allowed = snapshot.allowed(filters, permitted)
        query, aliases = snapshot.aliases_in(permitted).canonical(text)
        asked, named = _told_apart(query, snapshot, allowed)
        parts = parts_of(asked) if settings.parts_within else ()
        scopes = tuple(_scopes(allowed, named, snapshot.document_rows))
        limit = max(k, settings.candidates)
        return cls(query, asked, parts, tuple(aliases), named, scopes, mode, limit)

    def understood(self, snapshot: Snapshot) -> Understood:
        """Return how the query was taken, to be shown."""
        meant = () if self.named is None else np.flatnonzero(self.named.meant).tolist()
        documents = tuple(snapshot.documents[each].doc_id for each in meant)
        aliases = {pair.short: pair.long for pair in self.aliases}
        return Understood(documents, self.asked, aliases, self.parts)


def _told_apart(
    query: str, snapshot: Snapshot, allowed: RowMask | None
) -> tuple[str, NamedDocuments | None]:
    """Return what is asked, and the documents that the query names, of those that are allowed."""
    for reading in readings_of(query):
        named = snapshot.documents_named(reading.named, allowed)
        if reading.plain and reading.points and named is not None and not named.meant.any():
            # "Its annual report": the question as a whole may tell whose.
            whole = snapshot.documents_named(query, allowed)
            if whole is not None and whole.meant.any() and whole.lead >= _LEAD:
                named = whole
        if named is not None and (reading.plain or named.lead >= _LEAD):
            return reading.asked, named
    return query, None


def _scopes(
    allowed: RowMask | None, named: NamedDocuments | None, document_rows: DocumentRows
) -> list[RowMask | None]:
    """Return the rows to search: all that are allowed, and those of the named documents again."""
    if named is None or not named.meant.any():
        return [allowed]
    meant: RowMask = named.meant[document_rows]
    within = meant if allowed is None else meant & allowed
    return [within] if named.certain else [allowed, within]
