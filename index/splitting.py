"""The parts of a question that asks for several things.

"How many States answered, and how many did in 2017?" asks for two facts, "Which is older, the
guide for officers or the one for families?" for one fact of each of two things. Each part is a
question of its own, with what the parts share.
"""

import re

_INTERROGATIVE = (
    r"how|what|when|where|which|whom?|whose|why|cuál(?:es)?|cuánt[oa]s?|cuándo|dónde|qué|quién|"
    r"combien|quels?|quelles?|qui"
)
_IS = r"is|are|was|were|has|have|had"
_DOES = r"do|does|did|can|could|may|might|must|shall|should|will|would"
# "… and is it still active?", "… and did the chair agree?"; not "and are the largest".
_ASKS_WHETHER = (
    rf"(?:(?:{_IS}|{_DOES})\s+(?:it|they|he|she|there|any|both|these|those|(?-i:[A-ZÀ-Þ]\w+))|"
    rf"(?:{_DOES})\s+(?:the|its|their)|(?:are|were)\s+(?:its|their))\s"
)
_CLAUSES = re.compile(
    rf"(?:,|;)?\s+(?:and|y|et)\s+(?=(?:(?:at|by|for|from|in|of|on|to|with|a|de|en)\s+)?"
    rf"(?:{_INTERROGATIVE})\b|{_ASKS_WHETHER})|;\s+|\?\s+(?=\S)",
    re.IGNORECASE,
)
# One before the last: "What is it, what does it do, and who pays?" A name may stand before another
# comma: "In 2019, how many …"
_LISTED = re.compile(
    rf",\s+(?=(?:what|how|why|(?:who|when|where)\s+(?:{_IS}|{_DOES}))\b)", re.IGNORECASE
)
_BEGINS_ASKING = re.compile(rf"(?:{_INTERROGATIVE})\b", re.IGNORECASE)
_COMPARED = re.compile(
    r"(?P<one>.+?),?\s+(?:(?:when\s+|as\s+|if\s+)?compared\s+(?:with|to)|"
    r"in\s+comparison\s+(?:with|to)|as\s+(?:against|opposed\s+to)|versus)\s+"
    r"(?P<other>\S+\s[^?]+)\?",
    re.IGNORECASE,
)
# Which is older: this or that? Which is older, this or that?
_CHOICE = re.compile(
    r"(?P<stem>[^:,?]{8,}?)(?::|,)\s+(?P<one>[^?]+?),?\s+or\s+(?P<other>[^?]+)\??", re.IGNORECASE
)
_WORD_OF_A_NAME = r"[A-ZÀ-Þ][\w'’.-]*"
_NAME = (
    rf"(?:{_WORD_OF_A_NAME}|\d{{4}}(?:[–-]\d{{2,4}})?)"
    rf"(?:\s+(?:(?:of|the|for|de|la|du)\s+){{0,2}}{_WORD_OF_A_NAME})*"
)
_JOINED = re.compile(
    rf"(?P<one>{_NAME})(?P<more>(?:,\s+{_NAME})*),?\s+"
    rf"(?:and|or|versus|vs\.?|than|compared\s+(?:with|to)|y|o|et|ou)\s+"
    rf"(?P<between>(?:(?:at|by|for|from|in|of|on|to|with|en|de)\s+)?(?:the\s+|la\s+|el\s+)?)"
    rf"(?P<other>{_NAME})"
)
_ASKS = re.compile(
    rf"(?:{_INTERROGATIVE}|is|are|was|were|do|does|did|has|have|of)\b", re.IGNORECASE
)
# "more or less", "with or without": one thing.
_HALF = re.compile(r"\b(?:more|either|with|whether|higher|rise|up)$", re.IGNORECASE)
_RANGE = re.compile(r"\b(?:between|from)\s+(?:the\s+)?$", re.IGNORECASE)
# What is asked of the last of several things is asked of all: "how many men and how many women
# were heard?" The noun stands before the first of these words, the rest from it on.
_THING = re.compile(r"(?:.*\b)?(?:how\s+(?:many|much)|which|what)\b(?P<noun>.*)", re.IGNORECASE)
_PREDICATE = re.compile(rf"\s(?:am|be|been|{_IS}|{_DOES})\s.*", re.IGNORECASE)
_VERB = re.compile(r"\b(?:\w+ed|rose|fell|grew|came|took|made|got|gave|went|led|paid|met)\b")
_OF_THOSE = re.compile(r"\s+(?:of\s+(?:them|these|those)|ones?)\b", re.IGNORECASE)
_MOST_WORDS_OF_A_NOUN = 6
_CAPITALS = re.compile(r"\b[A-ZÀ-Þ0-9][\w'’.-]*")
_WORD = re.compile(r"\w+")
_MOST_PARTS = 4
_FEWEST_WORDS = 6
_FEWEST_OF_THE_FIRST = 3
_MOST_WORDS_OF_A_CHOICE = 14


def parts_of(question: str) -> tuple[str, ...]:
    """Return the parts of a question, each complete; none where it asks for one thing.

    >>> parts_of("How many people live in Utah or Texas?")
    ('How many people live in Utah?', 'How many people live in Texas?')
    >>> parts_of("Who pays?")
    ()
    """
    text = " ".join(question.split())
    for split in (_choices, _clauses, _names, _compared):
        parts = split(text)
        if 2 <= len(parts) <= _MOST_PARTS:
            return parts
    return ()


def as_read(part: str) -> str:
    """Return a part as it is put to a reader of passages.

    A short part has the first one behind it, to be searched for with its words; a reader would
    answer that one again. Of it the names and numbers stay, and all of it behind a bare "when?".

    >>> as_read("how many in 2009? How many arrests did the FBI make in 2011")
    'how many in 2009? FBI 2011'
    """
    asked, _, first = part.partition("? ")
    if first == " ".join(_CAPITALS.findall(first)) or len(_WORD.findall(asked)) < 2:
        return part
    return _with_names(asked, first)


def clause_of(part: str) -> str:
    """Return a part as it stands in the question, without the words of the first one behind it.

    >>> clause_of("how many in 2009? How many arrests did the FBI make in 2011")
    'how many in 2009?'
    """
    asked, found, _ = part.partition("? ")
    return asked + found.rstrip()


def _with_names(asked: str, first: str) -> str:
    """Return a question with the names and numbers of the first one that it does not have."""
    said = set(_WORD.findall(asked))
    # The word that begins a question has its capital from there.
    names = [each for each in _CAPITALS.findall(first)[1:] if each not in said]
    return f"{asked}? {' '.join(names)}".strip()


def _clauses(text: str) -> tuple[str, ...]:
    """Split between questions; one of few words takes those of the first with it."""
    clauses = [each.strip(" ,;?¿") for each in _CLAUSES.split(text)]
    clauses = [each for each in clauses if each]
    if len(clauses) < 2:
        return ()
    clauses[:1] = _listed(clauses[0])
    clauses[0] = _with_predicate(clauses[0], clauses[1])
    first, longest = clauses[0], max(clauses, key=len)
    if len(_WORD.findall(first)) < _FEWEST_OF_THE_FIRST:
        return ()
    alone = len(_WORD.findall(first)) >= _FEWEST_WORDS or longest == first
    parts = [f"{first}?" if alone else f"{first}? {longest}"]
    for clause in clauses[1:]:
        if len(_WORD.findall(clause)) < _FEWEST_WORDS:
            parts.append(f"{clause}? {first}")
        else:
            parts.append(_with_names(clause, first))
    return tuple(parts)


def _listed(clause: str) -> list[str]:
    """Return the questions that stand in a clause, between commas; the clause where it is one."""
    listed = _LISTED.split(clause) if _BEGINS_ASKING.match(clause) else [clause]
    short = any(len(_WORD.findall(each)) < _FEWEST_OF_THE_FIRST for each in listed)
    return [clause] if short else listed


def _with_predicate(first: str, second: str) -> str:
    """Return the first clause with what the second asks of its thing, where it only names one.

    >>> _with_predicate("How many men", "how many women were heard in Lima")
    'How many men were heard in Lima'
    """
    one, other = _THING.fullmatch(first), _THING.fullmatch(second)
    if one is None or other is None or not _names_a_thing(one["noun"]):
        return first
    if _OF_THOSE.match(other["noun"]):  # of what the first names
        return first
    predicate = _PREDICATE.search(other["noun"])
    if predicate is None or not _names_a_thing(other["noun"][: predicate.start()]):
        return first
    return first + predicate.group()


def _names_a_thing(noun: str) -> bool:
    """Return whether the words after "how many" or "which" name a thing and say nothing of it."""
    says = _PREDICATE.search(f"{noun} ") or _VERB.search(noun)
    return not says and 1 <= len(_WORD.findall(noun)) <= _MOST_WORDS_OF_A_NOUN


def _choices(text: str) -> tuple[str, ...]:
    """Split the things to choose from, each after what is asked of them."""
    found = _CHOICE.fullmatch(text)
    if found is None:
        return ()
    if not _ASKS.match(found["stem"]) or _HALF.search(found["one"]):
        return ()
    options = re.split(r",\s+", found["one"]) if ", " in found["one"] else [found["one"]]
    lengths = [len(_WORD.findall(each)) for each in (*options, found["other"])]
    if not 2 <= min(lengths) <= max(lengths) <= _MOST_WORDS_OF_A_CHOICE:
        return ()
    return tuple(f"{found['stem']}: {each}?" for each in (*options, found["other"].strip()))


def _compared(text: str) -> tuple[str, ...]:
    """Split a question for what is compared with another thing, which is the second part."""
    found = _COMPARED.fullmatch(text)
    if found is None or not _ASKS.match(found["one"].rpartition(", ")[2]):
        return ()
    return f"{found['one']}?", f"{found['one']}: {found['other']}?"


def _names(text: str) -> tuple[str, ...]:
    """Split names that are joined: the question once with each of them."""
    # The word that begins a question has its capital from there.
    found = _JOINED.search(text, text.find(" ") + 1)
    if found is None or _RANGE.search(text, 0, found.start()):
        return ()
    names = [found["one"], *re.findall(_NAME, found["more"]), found["other"]]
    before, after = text[: found.start()], text[found.end() :]
    return tuple(f"{before}{name}{after}" for name in names)
