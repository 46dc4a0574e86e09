"""Whether a quote proves a sentence that somebody wrote: the whole quote, or nothing.

A sentence is proved if it says a sentence of the quote, or shortens it as honest writers do:

- a connective at its beginning is left out (However, Furthermore);
- a part in brackets, or between two commas if it adds to what is said (which …, including …), is
  left out, unless it has a number or a word that bears on the truth of the rest (a negation, a
  condition, who says it, how sure or how many);
- it ends before a semicolon, a dash, a bracket or a relative clause, unless what follows has such a
  word;
- articles come and go.

Everything else must be there, in its order. A paraphrase is not proved, true as it may be: to tell
it from a lie takes a reader that is right more often than the models that run here.

No rule over words can tell which shortening keeps the meaning ("The court found the State guilty;
the verdict was overturned."), nor which sentence takes back the one before it. So what is returned
is never shortened: it is the whole quote.
"""

import re
import unicodedata
from dataclasses import dataclass

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
    """Return the quote, on one line, if one of its sentences says the sentence; None if none does.

    >>> proved("It meets in Geneva.", "However, it (the Forum) meets in Geneva; so does the Panel.")
    'However, it (the Forum) meets in Geneva; so does the Panel.'
    >>> proved("It meets in Vienna.", "It meets in Geneva.") is None
    True
    """
    wanted = [token for token in _tokens(sentence) if not token.mark]
    if not any(token.key not in ARTICLES for token in wanted):
        return None
    line = " ".join(quote.split())
    if _words(_tokens(line)) == _words(wanted):
        return line
    whole = (line[start:end] for start, end in sentence_spans(line) if _is_whole(line, start, end))
    return line if any(_says(wanted, _tokens(each)) for each in whole) else None


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

    def match(self, at: int, place: int) -> bool:
        """Return whether the quote's tokens from `place` on say `wanted[at:]`."""
        if (at, place) in self._failed:
            return False
        found = self._matched(at, place)
        if not found:
            self._failed.add((at, place))
        return found

    def _matched(self, at: int, place: int) -> bool:
        tokens, wanted = self._tokens, self._wanted
        while at < len(wanted) and wanted[at].key in ARTICLES and not self._is(at, place):
            at += 1
        if at == len(wanted):
            return self._may_end(place)
        if place == len(tokens):
            return False
        token = tokens[place]
        if token.mark:
            after = self._after_part(place)
            left_out = after is not None and self.match(at, after)
            return left_out or self.match(at, place + 1)
        if token.key == wanted[at].key:
            return self.match(at + 1, place + 1)
        return token.key in ARTICLES and self.match(at, place + 1)

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


def _is_whole(line: str, start: int, end: int) -> bool:
    """Return whether a sentence is whole: none that a colon leads in to, or that was cut."""
    begins_one = start == 0 or _WHOLE.search(line[:start].rstrip())
    return bool(begins_one and (end == len(line) or _WHOLE.search(line[:end])))


def _says(wanted: list[_Token], tokens: list[_Token]) -> bool:
    if len(tokens) > _LONGEST_SENTENCE:
        return False
    return any(_Match(wanted, tokens).match(0, start) for start in _beginnings(tokens))


def _words(tokens: list[_Token]) -> list[str]:
    return [token.key for token in tokens if not token.mark]


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
