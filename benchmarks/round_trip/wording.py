"""Sentences that mean nothing, made of the words of reports, with seeds."""

import random
from collections.abc import Sequence

_NOUNS = """
agreement assembly authority border coordination committee consultation cooperation country
commission convention community decision declaration department development dialogue displacement
employment evaluation experience framework government identification implementation information
initiative institution integration interpretation investigation labour legislation management
measure mechanism meeting migration minister mobility monitoring movement negotiation office
organization participation partnership platform policy population practice principle procedure
process programme protection protocol recommendation reconciliation recruitment region registration
regularization reintegration remittance representative resettlement resolution responsibility
return secretariat settlement statistics strategy summary support trafficking training transit
transparency vulnerability worker workshop
""".split()
_VERBS = """
accompanied adopted agreed analysed assessed considered coordinated described discussed encouraged
established examined expressed facilitated identified implemented improved included introduced
invited presented promoted provided published recognized recommended reported requested reviewed
strengthened submitted supported welcomed
""".split()
_ADJECTIVES = """
administrative bilateral comprehensive effective environmental financial humanitarian informal
institutional intergovernmental international irregular legal multilateral national operational
political preliminary professional regional responsible significant sustainable technical temporary
transnational unaccompanied voluntary
""".split()
_SMALL = (
    "the of and in to for with on by from under at as between within its their this each".split()
)
HYPHENED = "inter-state well-being cross-border long-term follow-up decision-making".split()
_LIGATED = (
    "office efficient affected final first finding flow influence identified conflict".split()
)
_NAMES = """
Albania Bangladesh Budapest Colombo Geneva Ghana Jordan Kenya Lisbon Manila Nairobi Prague Senegal
Tunisia Vienna
""".split()
_HEBREW = """
של על את עם גם כי הוא היא זה לא כל יותר מדינה ממשלה הסכם ועדה מדיניות הגירה גבול שיתוף פעולה תכנית
פיתוח מידע ארגון פגישה תהליך זכויות עובדים
""".split()


class Wording:
    """Makes sentences from one random generator."""

    def __init__(self, rng: random.Random, *, hebrew: bool = False) -> None:
        self._rng = rng
        self._hebrew = hebrew

    def sentence(self) -> list[str]:
        """Return the words of a sentence, its stop with the last."""
        words = [self._word() for _ in range(self._rng.randint(7, 26))]
        for index in range(4, len(words) - 3, 6):
            if self._rng.random() < 0.4:
                words[index] += ","
        return [words[0][0].upper() + words[0][1:], *words[1:-1], words[-1] + "."]

    def paragraph(self, sentences: tuple[int, int] = (2, 6)) -> list[str]:
        """Return the words of a paragraph."""
        return [w for _ in range(self._rng.randint(*sentences)) for w in self.sentence()]

    def title(self, words: tuple[int, int] = (3, 7)) -> list[str]:
        """Return the words of a heading, without a stop."""
        if self._hebrew:
            return self._picked(_HEBREW, words)
        found = self._picked([*_NOUNS, *_ADJECTIVES], words)
        return [found[0].capitalize(), *found[1:]]

    def cell(self) -> list[str]:
        """Return the words of a table's first cell."""
        return [self._rng.choice(_NAMES), *self._picked(_NOUNS, (0, 1))]

    def figure(self) -> str:
        """Return a number as tables hold it."""
        forms = ("{:,}", "{}.5", "{}%")
        return self._rng.choice(forms).format(self._rng.randint(2, 60_000))

    def _picked(self, words: Sequence[str], number: tuple[int, int]) -> list[str]:
        return [self._rng.choice(words) for _ in range(self._rng.randint(*number))]

    def _word(self) -> str:
        chance = self._rng.random()
        if self._hebrew:
            return (
                str(self._rng.randint(1950, 2030)) if chance < 0.05 else self._rng.choice(_HEBREW)
            )
        if chance < 0.38:
            return self._rng.choice(_SMALL)
        if chance < 0.62:
            return self._rng.choice(_NOUNS)
        if chance < 0.76:
            return self._rng.choice(_VERBS)
        if chance < 0.86:
            return self._rng.choice(_ADJECTIVES)
        if chance < 0.91:
            return self._rng.choice(_LIGATED)
        if chance < 0.94:
            return self._rng.choice(HYPHENED)
        return self._rng.choice(_NAMES) if chance < 0.98 else str(self._rng.randint(2, 2030))


def broken(word: str) -> list[tuple[str, str]]:
    """Return the ways to break a word at a line end, the longest head first.

    Between a vowel and a consonant that a vowel follows, three letters from both ends at least; a
    word with a hyphen at its hyphen only.
    """
    if "-" in word:
        head, tail = word.split("-", 1)
        return [(f"{head}-", tail)]
    bare = word.rstrip(",.").lower()
    if len(bare) < 7 or not bare.isalpha():
        return []
    ways = [
        (word[:at] + "-", word[at:])
        for at in range(3, len(bare) - 2)
        if bare[at - 1] in "aeiou" and bare[at] not in "aeiou" and bare[at + 1] in "aeiou"
    ]
    return ways[::-1]
