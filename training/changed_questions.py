"""Questions changed so that their passage no longer answers: another number, name or sense."""

import random
import re
from collections.abc import Callable, Iterator

_NUMBER = re.compile(r"\b\d[\d,]*(?:\.\d+)?\b")
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d")
_NAME = re.compile(r"\b[A-Z][\w'’.-]*(?:\s+(?:of\s+|the\s+|de\s+)?[A-Z][\w'’.-]*)*")
_NOT_NAMES = frozenset(
    "What Which Who Whom Whose When Where Why How In On At Of The A An Is Are Was Were Do Does Did "
    "For From By To If Name According Along Besides I After Before During Since Until As".split()
)
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_OPPOSITES = (
    "first last|oldest newest|oldest youngest|earliest latest|highest lowest|largest smallest|"
    "biggest smallest|most least|more fewer|more less|greater smaller|higher lower|above below|"
    "before after|north south|northern southern|northeast southwest|east west|eastern western|"
    "increase decrease|increased decreased|increases decreases|rise fall|rose fell|rising falling|"
    "begin end|began ended|start end|started ended|open close|opened closed|won lost|win lose|"
    "winner loser|support oppose|supported opposed|accept reject|accepted rejected|allow forbid|"
    "allowed forbidden|include exclude|included excluded|major minor|majority minority|"
    "maximum minimum|long short|longest shortest|old new|older younger|early late|early modern|"
    "male female|men women|man woman|father mother|son daughter|brother sister|husband wife|"
    "born died|birth death|import export|imports exports|buy sell|bought sold|public private|"
    "internal external|positive negative|hot cold|strong weak|stronger weaker|fast slow|"
    "upper lower|inner outer|left right|front back|rich poor|wealthy poor|urban rural|"
    "domestic foreign|legal illegal|join leave|joined left|enter leave|add remove|added removed|"
    "create destroy|created destroyed|build destroy|built destroyed|teachers students|"
    "like dislike|best worst|easy difficult|common rare|always never|with without|inside outside|"
    "same different|hardback paperback|expensive cheap|heavy light|wide narrow|attack defend|"
    "attacked defended|victory defeat|ancient modern|employer employee|planned completed|"
    "proposed adopted|recommended implemented|gained lost|can cannot|is isn't|was wasn't|"
    "are aren't|were weren't|did didn't|does doesn't"
)


def _opposites() -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in _OPPOSITES.split("|"):
        one, other = pair.split()
        found.setdefault(one, other)
        found.setdefault(other, one)
    return found


_OPPOSITE_OF = _opposites()


def names_in(text: str) -> list[str]:
    """Return the runs of capitalised words, without question words, in order, each once."""
    found: dict[str, None] = {}
    for match in _NAME.finditer(text):
        words = match[0].rstrip(".'’-").split()
        while words and words[0] in _NOT_NAMES:
            words = words[1:]
        name = " ".join(words)
        if len(name) > 2:
            found[name] = None
    return list(found)


def changed_number(question: str, draw: random.Random) -> str | None:
    """Return the question with one of its numbers, years or months another; None if it has none."""
    numbers = list(_NUMBER.finditer(question))
    months = [m for month in _MONTHS for m in re.finditer(rf"\b{month}\b", question)]
    found = numbers + months
    if not found:
        return None
    match = draw.choice(found)
    return question[: match.start()] + _another(match[0], draw) + question[match.end() :]


def opposite_sense(question: str, draw: random.Random) -> str | None:
    """Return the question with one word turned into its opposite; None if it has no such word."""
    found = [m for m in re.finditer(r"[A-Za-z]+", question) if m[0] in _OPPOSITE_OF]
    if not found:
        return None
    match = draw.choice(found)
    return question[: match.start()] + _OPPOSITE_OF[match[0]] + question[match.end() :]


def swapped_name(
    question: str, others: list[str], answers: tuple[str, ...], draw: random.Random
) -> str | None:
    """Return the question with one of its names another of `others`; None if there is none.

    Neither the name taken in nor the one given up shares a word with another name of the question
    or with an answer, so that the change changes what is asked.
    """
    mine = names_in(question)
    taken = {word.lower() for text in (*mine, *answers) for word in re.findall(r"\w+", text)}
    usable = [o for o in others if not taken & {w.lower() for w in re.findall(r"\w+", o)}]
    if not mine or not usable:
        return None
    name = draw.choice(mine)
    similar = [o for o in usable if abs(len(o.split()) - len(name.split())) <= 1] or usable
    return question.replace(name, draw.choice(similar), 1)


def changes(
    question: str, passage: str, answers: tuple[str, ...], draw: random.Random
) -> Iterator[tuple[str, str]]:
    """Yield `(kind, changed question)` for each kind of change that the question allows."""
    made: dict[str, Callable[[], str | None]] = {
        "number": lambda: changed_number(question, draw),
        "opposite": lambda: opposite_sense(question, draw),
        "name": lambda: swapped_name(question, names_in(passage), answers, draw),
    }
    for kind, change in made.items():
        changed = change()
        if changed is not None and changed != question:
            yield kind, changed


def _another(found: str, draw: random.Random) -> str:
    if found in _MONTHS:
        return draw.choice([month for month in _MONTHS if month != found])
    if _YEAR.fullmatch(found):
        return str(int(found) + draw.choice([-20, -10, -5, -3, -2, -1, 1, 2, 3, 5, 10, 20]))
    whole = found.replace(",", "")
    if not whole.isdigit() or len(whole) > 15:
        return f"{draw.randint(2, 98)}.{draw.randint(1, 9)}"
    value = int(whole)
    other = draw.choice([value + 1, value + 2, max(value - 1, 0), value * 2, value + 10])
    other = value + 3 if other == value else other
    return f"{other:,}" if "," in found else str(other)
