"""What a user has said of aliases: pairs added, pairs removed; one JSON file in the home folder."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import StoreError
from index.aliases.alias import Aliases, AliasPair, sorted_pairs


@dataclass(frozen=True, slots=True)
class AliasEdits:
    """Pairs of names, (short, long). `removed` with no long name removes every meaning."""

    added: tuple[tuple[str, str], ...] = ()
    removed: tuple[tuple[str, str | None], ...] = ()

    @classmethod
    def read(cls, path: Path) -> "AliasEdits":
        """Return the edits of a file; none where there is no file. Raises: StoreError."""
        try:
            values = json.loads(path.read_text("utf-8"))
            return cls(
                tuple((short, long) for short, long in values["added"]),
                tuple((short, long) for short, long in values["removed"]),
            )
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{path} is no list of aliases: {error}; delete or mend it") from error

    def write(self, path: Path) -> None:
        """Write the edits, whole or not at all. Raises: StoreError."""
        draft = path.with_name(f".{path.name}-draft")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(self.to_json(), ensure_ascii=False, indent=1), "utf-8")
            draft.replace(path)
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error.strerror}") from error

    def to_json(self) -> dict[str, object]:
        """Return the edits as JSON values."""
        return {"added": [list(each) for each in self.added], "removed": [*map(list, self.removed)]}

    def adding(self, short: str, long: str) -> "AliasEdits":
        """Return the edits with a pair added, and no longer removed."""
        pair = AliasPair(short, long, "user")  # checks it
        added = {**dict(self.added), pair.short: pair.long}
        removed = tuple(each for each in self.removed if each != (short, long))
        return replace(self, added=tuple(sorted(added.items())), removed=removed)

    def removing(self, short: str, long: str | None = None) -> "AliasEdits":
        """Return the edits with a pair removed, or every meaning of a short name."""
        added = tuple(
            each for each in self.added if each[0] != short or long not in {None, each[1]}
        )
        removed = sorted({*self.removed, (short, long)}, key=lambda each: (each[0], each[1] or ""))
        return AliasEdits(added, tuple(removed))

    def applied(self, learned: Sequence[AliasPair]) -> Aliases:
        """Return the learned pairs with the edits: an added pair is its short name's only one."""
        forced = dict(self.added)
        kept = [
            pair
            for pair in learned
            if pair.short not in forced
            and not {(pair.short, pair.long), (pair.short, None)} & set(self.removed)
        ]
        return Aliases(sorted_pairs([*kept, *_of_user(self.added)]))


def _of_user(pairs: Iterable[tuple[str, str]]) -> Iterable[AliasPair]:
    return (AliasPair(short, long, "user") for short, long in pairs)
