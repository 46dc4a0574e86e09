"""The aliases of a collection: listing them, and changing them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.errors import NotFoundError
from index.aliases.alias import AliasPair
from index.aliases.alias_edits import AliasEdits
from index.embedding.opening import open_vectors
from index.snapshots.publishing import current_aliases
from service.access.opening import open_store
from service.access.writing import sole_writer
from service.collection.debts import published
from service.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class AmbiguousAlias:
    """A short name with several meanings: nothing is put in its place."""

    short: str
    meanings: tuple[AliasPair, ...]


@dataclass(frozen=True, slots=True)
class AliasList:
    """The pairs whose short name has one meaning, and the short names with several."""

    aliases: tuple[AliasPair, ...]
    ambiguous: tuple[AmbiguousAlias, ...]


def alias_list(settings: Settings) -> AliasList:
    """Return the aliases of the snapshot that answers."""
    found = current_aliases(settings.layout)
    return AliasList(
        found.certain,
        tuple(AmbiguousAlias(each.short, each.meanings) for each in found.ambiguous),
    )


def edit_aliases(settings: Settings, change: Callable[[AliasEdits], AliasEdits]) -> str:
    """Change what users have said of aliases, publish a snapshot with it, and return its id.

    No text is embedded anew. Raises: InputError for two names that are equal; NotFoundError where
    the change removes a name that there is not; StoreError, SnapshotError.
    """
    layout = settings.layout
    with (
        sole_writer(layout),
        open_store(settings) as store,
        open_vectors(layout) as cache,
    ):
        before = AliasEdits.read(layout.aliases)
        edits = change(before)
        _refuse_unknown(before, edits, [pair.short for pair in current_aliases(layout).pairs])
        edits.write(layout.aliases)
        return published(store, cache, settings)


def alias_rows(found: AliasList) -> list[Sequence[str | int]]:
    """Return a heading, then a row a pair; a short name with several meanings has a row each."""
    rows: list[Sequence[str | int]] = [
        "short long ambiguous origin count short_uses long_uses doc_id sentence".split()
    ]
    pairs = [("no", pair) for pair in found.aliases]
    pairs += [("yes", pair) for each in found.ambiguous for pair in each.meanings]
    for ambiguous, pair in pairs:
        learned = (pair.origin, pair.count, pair.short_uses, pair.long_uses)
        rows.append([pair.short, pair.long, ambiguous, *learned, pair.doc_id, pair.sentence])
    return rows


def alias_lines(found: AliasList) -> list[str]:
    """Return the aliases for reading."""
    lines = [line for pair in found.aliases for line in _lines(pair)]
    for each in found.ambiguous:
        lines.append(f"{each.short} means several things:")
        lines += [f"  {line}" for pair in each.meanings for line in _lines(pair)]
    return lines or ["No aliases."]


def _lines(pair: AliasPair) -> list[str]:
    where = f"    {pair.doc_id}: {pair.sentence}" if pair.sentence else f"    by the {pair.origin}"
    return [f"{pair.short} = {pair.long}", where]


def _refuse_unknown(before: AliasEdits, edits: AliasEdits, known: Sequence[str]) -> None:
    for short, _ in set(edits.removed) - set(before.removed):
        if short not in known:
            raise NotFoundError(
                f"there is no alias {short!r}; `citewell aliases` lists those there"
            )
