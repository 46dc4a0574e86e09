"""One query, understood: where to look, what is asked, in how many parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from index.aliases.alias import AliasPair
from index.documents.filters import Filters
from index.documents.naming import NamedDocuments
from index.indexes.analysing import ENGLISH
from index.query.asked_language import asked_language
from index.query.query_analysis import QueryAnalysis
from index.query.spelling import corrected
from index.query.splitting import opposed, parts_of
from index.query.summary_request import asked_of
from index.snapshots.snapshot import DocumentRows, Snapshot
from index.values.mode import Mode
from index.values.ports import ChunkSource, RowMask
from index.values.ranking import QueryInterpretation
from index.values.retrieval_settings import RetrievalSettings


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """What is searched for, and in which rows; `limit` rows come from each search.

    `language` is that of the question, English where others are not searched for by meaning.
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
    corrections: Mapping[str, str] = field(default_factory=dict)
    summary: bool = False
    language: str = ENGLISH

    @classmethod
    def of(
        cls,
        text: str,
        snapshot: Snapshot,
        chunks: ChunkSource,
        settings: RetrievalSettings,
        *,
        k: int,
        mode: Mode = "hybrid",
        filters: Filters | None = None,
        collections: Sequence[str] | None = None,
        multilingual: bool = False,
    ) -> "QueryPlan":
        """Return the plan of a query. Raises: FilterError for a key that no document has."""
        permitted = snapshot.permitted(collections)
        allowed = snapshot.allowed(filters, permitted)
        language = asked_language(text) if multilingual else ENGLISH
        spelled, corrections = text, dict[str, str]()
        if language in (ENGLISH, *snapshot.spoken):
            spelled, corrections = corrected(text, snapshot, chunks, allowed, language)
        names = snapshot.aliases_in(permitted)
        query, aliases = names.canonical(spelled)
        named: NamedDocuments | None
        of = asked_of(query)
        summarised = snapshot.documents_named(of, allowed) if of else None
        if summarised is not None and summarised.meant.any():
            asked, named = query, _best_of(summarised)
        elif opposed(query):
            summarised, asked, named = None, query, None  # what is compared says nowhere to look
        else:
            summarised = None
            analysis = QueryAnalysis.of(query, snapshot, allowed)
            asked, named = analysis.asked, analysis.documents
        parts = parts_of(asked, names.named_in(asked)) if settings.read_for_part else ()
        scopes = tuple(_scopes(allowed, named, snapshot.document_rows))
        limit = max(k, settings.candidates)
        return cls(
            query,
            asked,
            parts,
            tuple(aliases),
            named,
            scopes,
            mode,
            limit,
            corrections,
            summary=summarised is not None,
            language=language,
        )

    @property
    def wordings(self) -> tuple[str, ...]:
        """Return what is asked, and the whole query where it says more."""
        return tuple(dict.fromkeys((self.asked, self.query)))

    def understood(self, snapshot: Snapshot) -> QueryInterpretation:
        """Return how the query was taken, to be shown."""
        meant = () if self.named is None else np.flatnonzero(self.named.meant).tolist()
        documents = tuple(snapshot.documents[each].doc_id for each in meant)
        aliases = {pair.short: pair.long for pair in self.aliases}
        return QueryInterpretation(documents, self.asked, aliases, self.parts, self.corrections)


def _best_of(named: NamedDocuments) -> NamedDocuments:
    """Return the same with the best of the documents alone meant."""
    meant = np.zeros_like(named.meant)
    meant[int(np.argmax(named.match))] = True
    return replace(named, meant=meant)


def _scopes(
    allowed: RowMask | None, named: NamedDocuments | None, document_rows: DocumentRows
) -> list[RowMask | None]:
    """Return the rows to search: all that are allowed, and those of the named documents again."""
    if named is None or not named.meant.any():
        return [allowed]
    meant: RowMask = named.meant[document_rows]
    within = meant if allowed is None else meant & allowed
    return [within] if named.certain else [allowed, within]
