"""Phrases that made reports are put together from: titles, bodies, people, sentences."""

import json
from pathlib import Path
from random import Random

from ingest.front_matter.words import WordLists

_STORED = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
THEMES: dict[str, list[str]] = _STORED["themes"]
_KINDS: dict[str, list[str]] = _STORED["kinds"]
_PLACES: dict[str, list[str]] = _STORED["places"]
BRIEF_KINDS: dict[str, list[str]] = _STORED["brief_kinds"]
LISTS: dict[str, list[str]] = {k: v for k, v in _STORED.items() if isinstance(v, list)}
SUBTITLES, BODIES, HEADINGS = (LISTS[name] for name in ("subtitles", "bodies", "headings"))
MONTHS, FIRST = LISTS["months"], LISTS["first"]


class Phrases:
    """Makes phrases; the same seed makes the same ones."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._known = sorted(set(WordLists.shipped().organisations.values()))

    def title(self, language: str = "en") -> str:
        """Return a title of four to twenty words."""
        pick = self._rng.choice
        parts = [pick(_KINDS[language]), pick(THEMES[language])]
        if language == "en" and self._rng.random() < 0.3:
            parts.append(f"and {pick(THEMES[language])}")
        title = " ".join(filter(None, [*parts, pick(_PLACES[language])]))
        if self._rng.random() < 0.15:
            title += f": {pick(SUBTITLES).lower()}"
        return title[0].upper() + title[1:]

    def organisation(self) -> str:
        """Return an organisation, half of them from the list."""
        rng = self._rng
        return rng.choice(self._known) if rng.random() < 0.5 else rng.choice(LISTS["own_names"])

    def _mentioned(self) -> str:
        """Return an organisation as texts mention it, mostly in short."""
        name = self._rng.choice(self._known)
        short = "".join(word[0] for word in name.split() if word[0].isupper())
        if self._rng.random() < 0.5:
            return f"{name} ({short})"
        return self._rng.choice(LISTS["acronyms"])

    def person(self) -> str:
        """Return a first and a last name."""
        return f"{self._rng.choice(FIRST)} {self._rng.choice(LISTS['last'])}"

    def sentence(self) -> str:
        """Return a sentence of running text."""
        parts = [self._rng.choice(LISTS[name]) for name in ("subjects", "verbs", "objects")]
        with_another = self._rng.random() < 0.12
        tail = f"with {self._mentioned()}" if with_another else self._rng.choice(LISTS["tails"])
        return " ".join([*parts, tail]) + "."

    def date(self, language: str = "en") -> tuple[str, str]:
        """Return a date as printed and in numbers: a day, a month or a year."""
        rng = self._rng
        year, month, day = rng.randint(1995, 2025), rng.randint(1, 12), rng.randint(1, 28)
        names = {"en": MONTHS, "fr": LISTS["french"], "es": LISTS["spanish"]}[language]
        of = " de " if language == "es" else " "
        name, kind = names[month - 1], rng.random()
        if kind < 0.45:
            american = language == "en" and rng.random() < 0.3
            printed = f"{name} {day}, {year}" if american else f"{day}{of}{name}{of}{year}"
            return printed, f"{year}-{month:02}-{day:02}"
        if kind < 0.85:
            capital = name[0].upper() + name[1:]
            return f"{capital}{of}{year}", f"{year}-{month:02}"
        return str(year), str(year)
