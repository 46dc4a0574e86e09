"""The parts of a question that asks for several things.

"How many States answered, and who hosted the meeting?" asks for two facts; "What do Utah and Texas
spend?" for one fact of each of two things. Each part is a question of its own.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

_INTERROGATIVE = (
    r"how|what|when|where|which|whom?|whose|why|cuál(?:es)?|cuánt[oa]s?|cuándo|dónde|qué|quién|"
    r"combien|quels?|quelles?|qui"
)
_AUXILIARY = r"is|are|was|were|has|have|had|do|does|did|can|could|may|might|should|will|would"
# Where another question begins: "… and who hosts it?", "… and is it still active?", "…? Who …"
_CLAUSE = re.compile(
    rf",?\s+(?:and|y|et)\s+(?=(?:(?:at|by|for|from|in|of|on|to|with|a|de|en)\s+)?"
    rf"(?:{_INTERROGATIVE})\b|(?:{_AUXILIARY})\s+(?:it|they|he|she|there|its|their)\b|"
    r"(?:do|does|did|has|have|had|can|will)\s+the\b)|"
    r";\s+|\?\s+(?=\S)",
    re.IGNORECASE,
)
_WORD_OF_A_NAME = r"[A-ZÀ-Þ][\w'’.-]*"
_NAME = (
    rf"(?:{_WORD_OF_A_NAME}|\d{{4}}(?:[–-]\d{{2,4}})?)"
    rf"(?:\s+(?:(?:of|the|for|de|la|du)\s+){{0,2}}{_WORD_OF_A_NAME})*"
)
# What joins two names that the same is asked of: "Utah and Texas", "the RCM differ from the IGC".
_JOINT = re.compile(
    r"[\s,]*\b(?:and|or|versus|vs\.?|than|y|o|et|ou|differs?\s+from|compared?\s+(?:with|to))"
    r"(?:\s+(?:those|that|of|at|by|for|from|in|on|to|with|en|de|the|la|el))*\s+",
    re.IGNORECASE,
)
# "The Bali Process vs the IGC: who pays for each?"
_VERSUS = re.compile(
    r"(?P<one>[^:?;]{3,80}?)\s+(?:vs\.?|versus)\s+(?P<other>[^:?;]{3,80}?)\s*[:?,–—]\s*(?P<asked>\S.*)",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:compar\w+|differ\w*|versus|vs|than|each|both|comparad[ao]s?|diferencias?|différence)\b",
    re.IGNORECASE,
)
# What asks for a comparison and nothing of one side: "Compare the funding of …".
_ASKS_TO_COMPARE = re.compile(
    r"^(?:please\s+)?(?:compare|contrast)\s+|"
    r"\b(?:what(?:'s|’s|\s+is|\s+are)\s+)?the\s+differences?\s+(?:in\s+)?|\bbetween\s+",
    re.IGNORECASE,
)
_COMMA = re.compile(r",\s+(?:the\s+)?")
_RANGE = re.compile(r"\b(?:between|from|entre)\s+\d", re.IGNORECASE)
_FIRST_WORD = re.compile(rf"(?:{_INTERROGATIVE}|{_AUXILIARY}|compar\w+)\b", re.IGNORECASE)
_CAPITALS = re.compile(r"\b[A-ZÀ-Þ0-9][\w'’.-]*")
_WORD = re.compile(r"\w+")
_MOST_PARTS = 4
_FEWEST_WORDS = 2


def parts_of(question: str, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the parts of a question, each complete; none where it asks for one thing.

    `names` are proper names of the collection that stand in the question, whatever their case.

    >>> parts_of("How many people live in Utah or Texas?")
    ('How many people live in Utah?', 'How many people live in Texas?')
    >>> parts_of("Who chairs the Bali Process, and where is its office?")
    ('Who chairs the Bali Process?', 'where is its office? Bali Process')
    >>> parts_of("Who pays?")
    ()
    """
    text = " ".join(question.split())
    for parts in (opposed(text), _sides(text, names), _clauses(text), _compared(text, names)):
        if 2 <= len(parts) <= _MOST_PARTS:
            return parts
    return ()


def clause_of(part: str) -> str:
    """Return a part as it stands in the question, without the names that it takes from the first.

    >>> clause_of("where is its office? Bali Process")
    'where is its office?'
    """
    asked, found, _ = part.partition("? ")
    return asked + found.rstrip()


def _clauses(text: str) -> tuple[str, ...]:
    """Split between questions; each after the first takes the names of the first with it."""
    clauses = [each.strip(" ,;?¿") for each in _CLAUSE.split(text)]
    clauses = [each for each in clauses if len(_WORD.findall(each)) >= _FEWEST_WORDS]
    if len(clauses) < 2:
        return ()
    # The word that begins a question has its capital from there.
    names = _CAPITALS.findall(clauses[0])[1:]
    return (f"{clauses[0]}?", *(_with_names(clause, names) for clause in clauses[1:]))


def _with_names(clause: str, names: list[str]) -> str:
    held = set(_WORD.findall(clause))
    return " ".join([f"{clause}?", *(name for name in names if name not in held)])


def _sides(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the question with each of the names that stand side by side in it."""
    names = _names(text, known)
    between = [text[one[1] : other[0]] for one, other in pairwise(names)]
    for last, joint in enumerate(between):
        if not _JOINT.fullmatch(joint):
            continue
        first = last
        while first and _COMMA.fullmatch(between[first - 1]):
            first -= 1
        start, end = names[first][0], names[last + 1][1]
        if not _RANGE.search(text, max(0, start - 12), start + 1):
            sides = [text[low:high] for low, high in names[first : last + 2]]
            return tuple(_of_one_side(f"{text[:start]}{side}{text[end:]}") for side in sides)
    return ()


def opposed(text: str) -> tuple[str, ...]:
    """Return what is asked of each of two things that a question begins with, one against one."""
    match = _VERSUS.fullmatch(text)
    if match is None:
        return ()
    return tuple(f"{match[side]}: {match['asked']}" for side in ("one", "other"))


def _compared(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return a question that compares things named apart, with each in the place of the others."""
    names = sorted(_known_names(text, known))
    sides = tuple(dict.fromkeys(text[start:end] for start, end in names))
    if len(sides) < 2 or not _COMPARES.search(text):
        return ()
    bounds = [0, *(at for span in names for at in span), len(text)]
    between = [text[bounds[n] : bounds[n + 1]] for n in range(0, len(bounds), 2)]
    return tuple(_of_one_side(side.join(between)) for side in sides)


def _of_one_side(question: str) -> str:
    """Return a question without the words that ask to compare."""
    return _ASKS_TO_COMPARE.sub("", question) if _COMPARES.search(question) else question


def _known_names(text: str, known: Sequence[str]) -> list[tuple[int, int]]:
    return [match.span() for name in known for match in re.finditer(re.escape(name), text)]


def _names(text: str, known: Sequence[str]) -> list[tuple[int, int]]:
    """Return where names stand, in order: known ones, and words with a capital or years."""
    # The word that begins a question has its capital from there.
    begins = _FIRST_WORD.match(text)
    found = _known_names(text, known)
    for match in re.finditer(_NAME, text[begins.end() if begins else 0 :]):
        start, end = (at + (begins.end() if begins else 0) for at in match.span())
        if not any(low < end and start < high for low, high in found):
            found.append((start, end))
    return sorted(found)
