"""What the last question of a conversation asks, spelled out: no model, only the turns before it.

A follow-up leaves out what was named before: "Who chairs it?", "And the Bali Process?", "When was
the first meeting?". The name is put back: in the pronoun's place, in the place of the name that a
new one succeeds, or at the end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal["user", "assistant"]


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that was said, and by whom."""

    role: Role
    text: str


_KIND = (
    "agency|body|brief|centre|commission|community|compact|conference|consultations?|council|"
    "declaration|dialogue|document|forum|framework|initiative|mechanism|network|organi[sz]ation|"
    "panel|paper|partnership|platform|process|programme|report|union"
)
_ASKS = (
    "a an and any are at been but by can compare could describe did do does explain for from give "
    "had has have how i if in is it its list may me name no of on or please "
    "say should show so tell that the their them then there these they this those to under was "
    "were what when where which who whom whose why will with within would yes you"
)
# What bodies have in common is no name: "the Ministerial Conference", "its Member States".
_PARTS = frozenset(
    "agencies board chair chairs committee conference group groups member members ministerial "
    "observer observers office regional secretariat state states steering support technical unit "
    "working".split()
)
_NOT_NAMES = frozenset(_ASKS.split())
_WORD = r"(?:5\+5|[A-Z][\w’'.\-–]*\w|[A-Z])"
_JOINT = r"(?:of|on|for|in|and|the|de|du|des|del|para|et|y|sur|to)"
# A name: capitalised words, joined by small ones that stand between two of them.
_NAME = re.compile(rf"{_WORD}(?:\s+(?:{_JOINT}\s+){{0,2}}{_WORD})*")
_ENDS_NAME = re.compile(r"\b(?:Process|Dialogue|Forum|Conference|Compact|Consultations)\s+and\s+")

_MECHANISM = re.compile(r"\b(?:Process|Dialogue|Forum|Conference|Consultations?|Panel)\b")

_POSSESSIVE = re.compile(r"\b(?:its|their)\b", re.IGNORECASE)
_OBJECT = re.compile(r"\b(?:it|they|them|this one|that one)\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:she|he|her|his|hers|him)\b", re.IGNORECASE)
_PLACED = re.compile(r"(?:for|in|of|by|with|on|at|from)\s+(?!the\s)\w[\w'’-]*", re.IGNORECASE)
_THERE = re.compile(r"\bthere(?=\s*[?.!]?$)", re.IGNORECASE)
_GENERIC = re.compile(rf"\b(?:the|this|that|the same)\s+(?:{_KIND})\b(?!\s+(?:of|on)\b)", re.I)
_SUCCEEDS = re.compile(
    r"(?:and|or|but)?[\s,]*(?:what|how)\s+about\s+(?P<rest>.+?)\s*[?.!]*|"
    r"(?:and|or)[\s,]+(?P<and>(?:(?:for|in|of|by|with|on|at)\s+)?(?!\b(?:who|what|when|where|which|"
    r"why|how|is|are|was|were|do|does|did|has|have|can|will)\b).+?)\s*[?.!]*",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"^(?:for|in|of|by|with|on|at)\s+", re.IGNORECASE)
_BARE = re.compile(r"(?:and\s+)?(?:who|what|when|where|which|why|how)\s*[?.!]*", re.IGNORECASE)
_THANKS = re.compile(r"^(?:(?:thanks|thank you|ok|okay|great|right)[\s,.!]+)+", re.IGNORECASE)
_LEAD = re.compile(r"^¿?(?:and|but|so|or|then|y|et)[\s,.!]+", re.IGNORECASE)
_ITS_OWN_IT = re.compile(r"\bit (?:is|was) (?:said|true|planned|possible)\b", re.IGNORECASE)


def spelled_out(turns: Sequence[Turn]) -> str:
    """Return the last question of the user with what it leaves out; as it is, if that is nothing.

    >>> first = Turn("user", "When did the Bali Process begin?")
    >>> spelled_out([first, Turn("user", "Who chairs it?")])
    'Who chairs the Bali Process?'
    >>> spelled_out([first, Turn("user", "And the IGC?")])
    'When did the IGC begin?'
    """
    resolved = ""
    topic: str | None = None
    named = False  # whether a question has named anything yet
    for turn in turns:
        text = " ".join(turn.text.split())
        if turn.role == "user":
            resolved = _resolve(text, before=resolved, topic=topic)
        elif named:
            continue  # what the questions are about is what they name, not all that is quoted
        names = names_in(resolved if turn.role == "user" else text)
        named = named or (turn.role == "user" and bool(names))
        topic = _subject(names) or topic
    return resolved


def names_in(text: str) -> list[str]:
    """Return the names in a text, in order, each with its article where it has one.

    >>> names_in("Does the Colombo Process work with the Abu Dhabi Dialogue?")
    ['the Colombo Process', 'the Abu Dhabi Dialogue']
    """
    found: list[str] = []
    for match in _NAME.finditer(text):
        for start, end in _parts(match):
            words = text[start:end].split()
            while words and words[0].lower().strip("’'.") in _NOT_NAMES:
                start += len(words[0]) + (len(words) > 1)
                words = words[1:]
            while words and words[0] in ("of", "on", "for", "in", "and", "the", "to"):
                start += len(words[0]) + 1
                words = words[1:]
            name = " ".join(words)
            said = text[:start].rstrip(" ¿¡")
            begins = not said or said[-1] in ".?!:"
            if not _is_name(name, begins_sentence=begins):
                continue
            article = re.search(r"\b(the|The)\s+$", text[:start])
            found.append(f"the {name}" if article else name)
    return found


def _subject(names: Sequence[str]) -> str | None:
    """Return what a question is about: the first mechanism that it names, else the first name."""
    mechanisms = [name for name in names if _MECHANISM.search(name)]
    return next(iter([*mechanisms, *names]), None)


def _parts(match: re.Match[str]) -> list[tuple[int, int]]:
    """Return the ranges of a run of capitalised words: two names joined by `and` are two."""
    ranges, at = [], match.start()
    for joint in _ENDS_NAME.finditer(match.group()):
        end = match.start() + joint.end()
        ranges.append((at, end - len(joint.group()) + len(joint.group().split()[0])))
        at = end
    return [*ranges, (at, match.end())]


def _is_name(name: str, *, begins_sentence: bool) -> bool:
    bare = re.sub(r"[’']s$", "", name)
    if len(bare) < 2 or bare.lower() in _NOT_NAMES or re.fullmatch(r"[\d.]+", bare):
        return False
    if begins_sentence and re.fullmatch(r"[A-Z][a-z]+", bare):
        return False  # any word has a capital there
    return not _PARTS.issuperset(bare.lower().split())


def _resolve(question: str, *, before: str, topic: str | None) -> str:
    if not before or topic is None:
        return question
    question = _THANKS.sub("", question)
    succeeding = _succeeding(question, before, topic)
    if succeeding is not None:
        return succeeding
    if _BARE.fullmatch(question):
        return f"{before} {question[:1].upper()}{question[1:]}"
    bare = _LEAD.sub("", question)
    bare = bare[:1].upper() + bare[1:]
    if _PERSON.search(bare):
        return f"{bare.rstrip(' ?.!')} ({before.strip(' ?.!¿')})?"  # who is meant was asked there
    replaced = _with_pronouns(bare, topic)
    if replaced != bare:
        return replaced
    return bare if names_in(bare) else _with_name_at_end(bare, topic)


def _succeeding(question: str, before: str, topic: str) -> str | None:
    """Return the question before with a new subject, for "and the IGC?"; None for other forms."""
    match = _SUCCEEDS.fullmatch(question)
    if match is None:
        return None
    rest = match["rest"] or match["and"]
    names = names_in(rest)
    if names and _is_only(names[0], rest):
        return _replaced(before, topic, names[0])
    if _PLACED.fullmatch(rest) and (moved := _moved(before, rest)):
        return moved
    rest = _with_pronouns(rest, topic)
    if not names_in(rest):
        rest = f"{_PREPOSITION.sub('', rest)} of {topic}"
    return f"What about {rest}?"


def _moved(before: str, place: str) -> str | None:
    """Return the question before with another place or year, for "and in 2024?"; None for none."""
    preposition, new = place.split(maxsplit=1)
    kind = r"\d[\w–-]*" if new[:1].isdigit() else r"[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*)*"
    pattern = re.compile(rf"\b{preposition}\s+(?:the\s+)?{kind}")
    return pattern.sub(lambda _: place, before) if pattern.search(before) else None


def _is_only(name: str, rest: str) -> bool:
    bare = _PREPOSITION.sub("", rest).strip()
    return bare.lower().removeprefix("the ") == name.lower().removeprefix("the ")


def _replaced(before: str, old: str, new: str) -> str:
    bare = old.removeprefix("the ")
    pattern = re.compile(rf"\b(?:[Tt]he\s+)?{re.escape(bare)}(?!\w)")
    return pattern.sub(lambda _: new, before) if pattern.search(before) else f"{before} ({new})"


def _with_pronouns(question: str, topic: str) -> str:
    """Return the question with the topic for its pronouns, unless a name before them is meant."""
    if _ITS_OWN_IT.search(question):
        return question
    for pattern in (_POSSESSIVE, _OBJECT, _GENERIC, _THERE):
        match = pattern.search(question)
        if match is None or names_in(question[: match.start()]):
            continue
        new = topic
        if pattern is _POSSESSIVE:
            new = f"{topic}’s"
        if pattern is _THERE:
            new = f"in {topic}"
        if match.start() == 0 and question[0].isupper():
            new = new[:1].upper() + new[1:]
        return question[: match.start()] + new + question[match.end() :]
    return question


def _with_name_at_end(question: str, topic: str) -> str:
    end = re.search(r"\s*[?.!]*$", question)
    assert end is not None
    mark = end.group().strip() or "?"
    return f"{question[: end.start()]} in {topic}{mark}"
