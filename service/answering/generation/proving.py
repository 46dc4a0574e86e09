"""Whether a quote proves a sentence that somebody wrote: the quote's own words for it, or nothing.

A sentence is proved if it is a sentence of the quote, shortened at most where that cannot change
what is said:

- a connective at its beginning is left out (However, Furthermore);
- a part in brackets, or between two commas if it adds to what is said (which …, including …), is
  left out, unless it has a number or a word that bears on the truth of the rest (a negation, a
  condition, who says it, how sure or how many);
- it ends before a semicolon, a dash, a bracket or a relative clause, unless what follows has such a
  word;
- articles come and go, but the quote's own are kept.

Everything else must be there, in its order. What is returned is made of the quote's characters, so
nothing of what was written can be in it. A paraphrase is not proved, true as it may be: to tell it
from a lie takes a reader that is right more often than the models that run here.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from ingest.text.sentences import sentence_spans
from service.values.answer import Refusal

ARTICLES = frozenset({"a", "an", "the"})
CONNECTIVES = (
    "however also furthermore moreover additionally finally thus therefore hence indeed "
    "consequently accordingly similarly likewise meanwhile overall second third lastly"
).split()
# Words that bear on the truth of their sentence: without one of them it says another thing.
WEIGHTY = frozenset(
    (
        "not no nor never none neither without cannot nobody nothing nowhere hardly barely "
        "scarcely rarely seldom few little fewer less least only merely solely except excluding "
        "but although though however despite unlike instead rather unless if whether when once "
        "until till before after while because provided subject may might could would should "
        "must can shall possibly perhaps probably likely unlikely potentially allegedly reportedly "
        "supposedly apparently seemingly said says say saying stated states state claimed claims "
        "claim argued argues argue suggested suggests reported reports believed believes thought "
        "according alleged expected expects planned plans intends intended hopes hoped aims "
        "proposed proposes considered considers draft provisional preliminary estimated "
        "approximately about around nearly almost roughly some many most more several all every "
        "each any both either half former formerly previously ex deputy acting vice anti "
        "would-be so-called opposed opposes against denied denies deny rejected rejects refused "
        "refuses failed fails lacks lacked ceased stopped false untrue incorrect wrong"
    ).split()
)
_NUMBERS = frozenset(
    (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
        "hundred hundreds thousand thousands million millions billion billions dozen dozens percent"
    ).split()
)
_RELATIVE = frozenset("which who whom whose where".split())
_ADDING = frozenset(
    "which who whose where including notably namely especially particularly".split()
)
_ADDING_PAIRS = frozenset({("for", "example"), ("for", "instance"), ("such", "as")})
_WORD = re.compile(
    r"[-−]?\d+(?:[.,’'\u00a0\u202f]\d+)*|[^\W\d_]+(?:['’\-‑][^\W\d_]+)*|\d+|[%‰€$£¥§°+=<>≤≥±]|"
    r"[,;:()\[\]{}—–.!?…/]"
)
_WHOLE = re.compile(r"[.!?…][\"'”’»›)\]]*$")
_MARKS = frozenset(",;:()[]{}—–.!?…/")
_OPEN = {"(": ")", "[": "]", "{": "}"}
_LONGEST_PART = 25
_LONGEST_SENTENCE = 400  # tokens


@dataclass(frozen=True, slots=True)
class _Token:
    key: str
    start: int
    end: int
    mark: bool

    @property
    def weighty(self) -> bool:
        return (
            self.key in WEIGHTY
            or self.key.endswith("n't")
            or any(part in WEIGHTY for part in self.key.split("-"))
        )

    @property
    def numeric(self) -> bool:
        return (
            any(character.isdigit() for character in self.key)
            or self.key in "%‰€$£¥§°+=<>≤≥±"
            or any(part in _NUMBERS for part in self.key.split("-"))
        )


def proved(sentence: str, quote: str) -> str | None:
    """Return what the quote says of the sentence, in the quote's words; None if not all of it.

    >>> proved("It meets in Geneva.", "However, it (the Forum) meets in Geneva; so does the Panel.")
    'It meets in Geneva.'
    >>> proved("It meets in Vienna.", "It meets in Geneva.") is None
    True
    """
    wanted = [token for token in _tokens(sentence) if not token.mark]
    if not any(token.key not in ARTICLES for token in wanted):
        return None
    line = " ".join(quote.split())
    for begin, end in _sentences(line):
        text = line[begin:end]
        tokens = _tokens(text)
        if len(tokens) > _LONGEST_SENTENCE:
            continue
        for start in _beginnings(tokens):
            kept = _Match(wanted, tokens).match(0, start)
            if kept is not None:
                return _text_of([start, *(each for each in kept if each != start)], tokens, text)
    return None


def refusal(sentence: str, quotes: str) -> Refusal:
    """Return the plainest reason why quotes do not prove a sentence."""
    have = {token.key for token in _tokens(quotes)}
    words = [token for token in _tokens(sentence) if not token.mark]
    if any(token.numeric and token.key not in have for token in words):
        return "number"
    named = (t for t in words[1:] if sentence[t.start].isupper())
    if any(token.key not in have for token in named):
        return "name"
    said = {token.key for token in words}
    weights = {token.key for token in _tokens(quotes) if token.weighty}
    if any(token.weighty and token.key not in have for token in words) or weights - said:
        return "negation"
    return "words"


class _Match:
    """Finds a sentence's words in a quote from a place on, in order, leaving parts out."""

    def __init__(self, wanted: list[_Token], tokens: list[_Token]) -> None:
        self._wanted = wanted
        self._tokens = tokens
        self._failed: set[tuple[int, int]] = set()

    def match(self, at: int, place: int) -> list[int] | None:
        """Return the quote's tokens that stand for `wanted[at:]` from `place` on."""
        if (at, place) in self._failed:
            return None
        found = self._matched(at, place)
        if found is None:
            self._failed.add((at, place))
        return found

    def _matched(self, at: int, place: int) -> list[int] | None:
        tokens, wanted = self._tokens, self._wanted
        while at < len(wanted) and wanted[at].key in ARTICLES and not self._is(at, place):
            at += 1
        if at == len(wanted):
            return [] if self._may_end(place) else None
        if place == len(tokens):
            return None
        token = tokens[place]
        if token.mark:
            after = self._after_part(place)
            left_out = self.match(at, after) if after is not None else None
            return left_out if left_out is not None else self._kept(at, place)
        if token.key == wanted[at].key:
            rest = self.match(at + 1, place + 1)
            return None if rest is None else [place, *rest]
        if token.key in ARTICLES:
            return self.match(at, place + 1)
        return None

    def _kept(self, at: int, place: int) -> list[int] | None:
        rest = self.match(at, place + 1)
        return None if rest is None else [place, *rest]

    def _is(self, at: int, place: int) -> bool:
        tokens = self._tokens
        while place < len(tokens) and tokens[place].mark:
            place += 1
        return place < len(tokens) and tokens[place].key == self._wanted[at].key

    def _after_part(self, place: int) -> int | None:
        """Return where it goes on after a part that may be left out; None if none begins here."""
        tokens = self._tokens
        opening = tokens[place].key
        keys = tuple(token.key for token in tokens[place + 1 : place + 3])
        adds = (keys[:1] and keys[0] in _ADDING) or keys in _ADDING_PAIRS
        closing = _OPEN.get(opening) or ("," if opening == "," and adds else None)
        if closing is None:
            return None
        for end in range(place + 1, min(place + _LONGEST_PART + 2, len(tokens))):
            if tokens[end].key == closing:
                return end + 1
            if tokens[end].weighty or tokens[end].numeric:
                return None
        return None

    def _may_end(self, place: int) -> bool:
        """Return whether the sentence may end here: at its end, or before what adds to it."""
        rest = self._tokens[place:]
        if all(token.mark for token in rest):
            return True
        mark, then = rest[0].key, rest[1].key
        if mark not in {";", "—", "("} and not (mark == "," and then in _RELATIVE):
            return False
        numeric = mark == "(" and any(token.numeric for token in rest)
        return not numeric and not any(token.weighty for token in rest)


def _sentences(line: str) -> list[tuple[int, int]]:
    """Return the whole sentences of a quote: none that a colon leads in to, or that was cut."""
    return [
        (start, end)
        for start, end in sentence_spans(line)
        if (start == 0 or _WHOLE.search(line[:start].rstrip()))
        and (end == len(line) or _WHOLE.search(line[:end]))
    ]


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(_key(match[0]), match.start(), match.end(), match[0] in _MARKS)
        for match in _WORD.finditer(text)
    ]


def _key(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word).casefold().replace("’", "'").replace("‑", "-")
    if plain[-1:].isdigit():
        return re.sub(r"[,'\s](?=\d{3}(?:\D|$))", "", plain.replace("−", "-"))
    return plain


def _beginnings(tokens: list[_Token]) -> list[int]:
    """Return where a sentence may begin: at its first word, or after a connective and its comma."""
    first = next((place for place, token in enumerate(tokens) if not token.mark), None)
    if first is None:
        return []
    following = tokens[first + 1 : first + 2]
    if tokens[first].key in CONNECTIVES and following and following[0].key == ",":
        return [first, first + 2]
    return [first]


def _text_of(kept: list[int], tokens: list[_Token], sentence: str) -> str:
    """Return the kept tokens with the sentence's own characters between neighbours."""
    last = kept[-1]
    ends = all(token.mark for token in tokens[last + 1 :])
    while not ends and tokens[kept[-1]].mark and tokens[kept[-1]].key not in ")]}":
        kept = kept[:-1]
    pieces = [sentence[tokens[kept[0]].start : tokens[kept[0]].end]]
    for before, now in pairwise(kept):
        neighbours = all(tokens[each].key in ARTICLES for each in range(before + 1, now))
        start = tokens[before].end if neighbours else tokens[now].start
        space = "" if neighbours or tokens[now].key == "," else " "
        pieces.append(space + sentence[start : tokens[now].end])
    tail = sentence[tokens[last].end :] if ends else "."
    text = " ".join("".join([*pieces, tail]).split())
    return f"{text[0].upper()}{text[1:]}"
