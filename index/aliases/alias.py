"""Short and long names of one thing, and what becomes of a text that uses either."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Literal

from corpus.errors import InputError
from index.aliases.long_form import SMALL_WORDS, is_acronym

Origin = Literal["text", "title", "user"]

# A name is used often that is used at least one such part as often as the most used one.
_OFTEN = 4
_FEWEST_USES = 3
# An acronym is preferred that is used so many times as often as its long name.
_PREFERRED = 1.5


@dataclass(frozen=True, slots=True)
class AliasPair:
    """A short name and the long one it stands for.

    `origin` tells where it was learned: in the `text` (a parenthesis), from a document's `title`
    and metadata, or from the `user`. `sentence` is the place in document `doc_id`, both empty for
    pairs of the user; `count` is how many places say so. `short_uses` and `long_uses` are how
    often the collection uses each name.
    """

    short: str
    long: str
    origin: Origin
    doc_id: str = ""
    sentence: str = ""
    count: int = 1
    short_uses: int = 0
    long_uses: int = 0

    def __post_init__(self) -> None:
        if not self.short.strip() or not self.long.strip() or self.short == self.long:
            raise InputError(
                f"Found the names {self.short!r} and {self.long!r}; expected two that differ."
            )


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A short name with several meanings in the collection."""

    short: str
    meanings: tuple[AliasPair, ...]


@dataclass(frozen=True)
class Aliases:
    """The pairs of a collection, in order of the short name.

    A short name with one meaning stands for its long name and the other way round; one with
    several is ambiguous, and nothing is put in its place.
    """

    pairs: tuple[AliasPair, ...] = ()

    @classmethod
    def from_json(cls, values: Iterable[Mapping[str, object]]) -> "Aliases":
        """Return the aliases that `to_json` gave."""
        return cls(tuple(AliasPair(**value) for value in values))  # type: ignore[arg-type]

    def to_json(self) -> list[dict[str, object]]:
        """Return the pairs as JSON values."""
        return [asdict(pair) for pair in self.pairs]

    @cached_property
    def ambiguous(self) -> tuple[Ambiguous, ...]:
        """The short names with several meanings, in order."""
        return tuple(
            Ambiguous(pairs[0].short, tuple(pairs))
            for pairs in self._by_short.values()
            if len(pairs) > 1
        )

    @cached_property
    def certain(self) -> tuple[AliasPair, ...]:
        """The pairs whose short name has one meaning, in order."""
        return tuple(pairs[0] for pairs in self._by_short.values() if len(pairs) == 1)

    @cached_property
    def _by_short(self) -> dict[str, list[AliasPair]]:
        found: dict[str, list[AliasPair]] = {}
        for pair in self.pairs:
            found.setdefault(pair.short, []).append(pair)
        return found

    def learned_from(self, doc_ids: Set[str]) -> "Aliases":
        """Return the pairs of these documents and of the user."""
        return Aliases(tuple(p for p in self.pairs if not p.doc_id or p.doc_id in doc_ids))

    def others(self, name: str) -> tuple[str, ...]:
        """Return the other names of what a name stands for, in order; case of long ones aside."""
        key = _name_key(" ".join(name.split()))
        thing = self._things.get(key)
        if thing is None:
            return ()
        return tuple(other for other in thing.names if _name_key(other) != key)

    def meanings(self, name: str) -> tuple[str, ...]:
        """Return the long names of an ambiguous short one; none where it has one or no meaning."""
        return next(
            (tuple(p.long for p in each.meanings) for each in self.ambiguous if each.short == name),
            (),
        )

    def canonical(self, text: str) -> tuple[str, tuple[AliasPair, ...]]:
        """Return the text with each name written in one way, and the pairs it was done by.

        Every name of a thing becomes the shortest one that the collection uses often, so that a
        question finds the same passages whichever it uses. A text that names no such thing, or
        has that name already, comes back as it is. Proper names alone are written so: common
        words that have an acronym (`low birth weight`) say more than it does.
        """
        used: list[AliasPair] = []

        def written(match: re.Match[str]) -> str:
            thing = self._proper[_name_key(" ".join(match["name"].split()))]
            if thing.pair not in used:
                used.append(thing.pair)
            new = thing.written if match["many"] is None else thing.plural
            # Capitals alone are no other wording, and with both names nothing is missing.
            if match[0].casefold() == new.casefold() or thing.is_said_in_full(match[0]):
                return match[0]
            return new

        if not self._proper:
            return text, ()
        return self._pattern.sub(written, text), tuple(used)

    def named_in(self, text: str) -> tuple[str, ...]:
        """Return the proper names in a text as they stand there, one of each thing, in order."""
        found: dict[int, str] = {}
        for match in self._pattern.finditer(text) if self._proper else ():
            thing = self._proper[_name_key(" ".join(match["name"].split()))]
            found.setdefault(id(thing), match.group())
        return tuple(found.values())

    def as_written(self, text: str) -> str:
        """Return the text with each proper name of several words in the collection's own case.

        What is typed as "the colombo process" names the Colombo Process.
        """

        def written(match: re.Match[str]) -> str:
            key = _name_key(" ".join(match["name"].split()))
            names = (name for name in self._proper[key].names if _name_key(name) == key)
            return next(names, match["name"]) + (match["many"] or "")

        return self._pattern.sub(written, text) if self._proper else text

    @cached_property
    def _things(self) -> dict[str, "_Thing"]:
        """Return what each name stands for; names that share one are of one thing."""
        groups: dict[str, list[AliasPair]] = {}
        for pair in self.certain:
            joined = [pair]
            for key in (_name_key(pair.short), _name_key(pair.long)):
                for other in groups.get(key, []):
                    if other not in joined:
                        joined.append(other)
            for each in joined:
                groups[_name_key(each.short)] = groups[_name_key(each.long)] = joined
        things: dict[str, _Thing] = {}
        for key, pairs in groups.items():
            things[key] = _Thing.of(pairs)
            things.setdefault(_name_key(things[key].written), things[key])
            for pair in pairs:
                things.setdefault(_name_key(f"{pair.long} ({pair.short})"), things[key])
        return things

    @cached_property
    def _proper(self) -> dict[str, "_Thing"]:
        """Return what each name stands for, of things with a proper name."""
        return {key: thing for key, thing in self._things.items() if thing.is_proper}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = {name for thing in self._proper.values() for name in thing.names}
        names |= {
            f"{pair.long} ({pair.short})"
            for pair in self.certain
            if _name_key(pair.short) in self._proper
        }
        alternatives = "|".join(_alternative(name) for name in sorted(names, key=_by_length))
        return re.compile(rf"(?<![\w/-])(?P<name>{alternatives})(?P<many>e?s)?(?![\w/-])")


@dataclass(frozen=True, slots=True)
class _Thing:
    """What several names stand for: how it is written, and all its names."""

    pair: AliasPair
    names: tuple[str, ...]
    written: str
    plural: str
    is_proper: bool

    def is_said_in_full(self, text: str) -> bool:
        """Tell whether a text is the long name with its acronym in parentheses."""
        acronyms = filter(is_acronym, self.names)
        return any(text.endswith((f"({each})", f"({each}s)")) for each in acronyms)

    @classmethod
    def of(cls, pairs: Sequence[AliasPair]) -> "_Thing":
        """Return the thing, written by the shortest name that the collection uses often.

        Often is three times or more and a quarter as often as its most used name: so a question
        in the collection's own words mostly stays as it is, and an acronym that hardly occurs
        stands for nothing.
        """
        uses: dict[str, int] = {}
        for pair in pairs:
            for name, count in ((pair.short, pair.short_uses), (pair.long, pair.long_uses)):
                uses[name] = max(uses.get(name, 0), count)
        names = sorted(uses, key=lambda name: (-uses[name], len(name), name))
        least = max(_FEWEST_USES, uses[names[0]] / _OFTEN)
        often = [name for name in names if uses[name] >= least] or names[:1]
        written = min(often, key=lambda name: (len(name), name))
        pair = next(pair for pair in pairs if written in {pair.short, pair.long})
        return cls(pair, tuple(names), written, _plural(written), any(map(_is_proper, pairs)))


def _is_proper(pair: AliasPair) -> bool:
    """Tell whether a pair is of a proper name: every word of the long one, but small ones, is one.

    A title and what a user says count as a name however they are written, and so do common words
    whose acronym the collection defines several times and prefers.
    """
    words = [word for word in pair.long.split() if word not in SMALL_WORDS]
    if pair.origin != "text" or (len(words) > 1 and all(map(_is_name_word, words))):
        return True
    return pair.count >= _FEWEST_USES and pair.short_uses >= _PREFERRED * max(pair.long_uses, 1)


def _is_name_word(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and not any(map(str.isdigit, word))


def meaning_key(long: str) -> str:
    """Return what two spellings of one long name have in common: its words, in the singular.

    >>> meaning_key("Regional Consultative Processes on Migration")
    'regional consultative process migration'
    """
    decomposed = unicodedata.normalize("NFKD", long.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    words = re.findall(r"\w+", re.sub(r"\bun\b", "united nations", plain))
    singulars = [singular(word) for word in words if word not in SMALL_WORDS]
    return " ".join(singulars).replace("organis", "organiz")


def singular(word: str) -> str:
    """Return an English word without the ending of its plural."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def sorted_pairs(pairs: Iterable[AliasPair]) -> tuple[AliasPair, ...]:
    """Return pairs in order: by short name, the most frequent meaning first."""
    return tuple(sorted(pairs, key=lambda pair: (pair.short, -pair.count, pair.long)))


def _name_key(name: str) -> str:
    """Return a name as it is looked up: one word as it is, several in lower case."""
    return name if " " not in name else name.casefold()


def _plural(long: str) -> str:
    if is_acronym(long):
        return f"{long}s"
    if re.search(r"[^aeiou]y$", long):
        return f"{long[:-1]}ies"
    return f"{long}es" if re.search(r"(?:s|x|ch|sh)$", long) else f"{long}s"


def _alternative(name: str) -> str:
    words = [re.escape(word) for word in name.split()]
    pattern = r"\s+".join(words)
    return pattern if len(words) == 1 else f"(?i:{pattern})"


def _by_length(name: str) -> tuple[int, str]:
    return -len(name), name
