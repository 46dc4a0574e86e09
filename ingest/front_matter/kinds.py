"""The kind of a document, from what is printed, then its symbol, then the file's name.

The kinds and the phrases that name them are data, in `kinds.json`: parts of a report (annex, brief,
management response), whole ones (evaluation, annual report), and `report`, which says least.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from pathlib import Path

from ingest.front_matter.candidate import Choice
from ingest.front_matter.sheet import Sheet
from ingest.front_matter.words import WordLists, fold, words_in
from ingest.readers.document.titles import title_from_name

_FOLDER = Path(__file__).parent
_SEGMENT = re.compile(r"\s+[-–—|]\s+|[:;()—\[\]]|\.\s+")
_TRAILING_CODE = re.compile(r"\s+(?=\S*\d)\S*[/-]\S*.*$")
_NUMERAL = re.compile(r"[ivxlc]+|\d.*")
_MOST_LINES = 12
_LONGEST_LINE = 8
_LONGEST_PHRASE = 4
FIRST_PAGE = "first page"
_CONFIDENCE: Mapping[str, float] = {FIRST_PAGE: 0.95, "name": 0.6}


@dataclass(frozen=True, slots=True)
class KindWords:
    """The kinds of documents by the phrases that name them, and by the form of their symbols.

    `after` are the words that follow such a phrase where it names the document itself.
    """

    parts: Mapping[tuple[str, ...], str]
    wholes: Mapping[tuple[str, ...], str]
    generic: Mapping[tuple[str, ...], str]
    symbols: Mapping[str, re.Pattern[str]]
    after: frozenset[str]

    @classmethod
    @cache
    def shipped(cls) -> "KindWords":
        """Return the kinds that come with this package."""
        stored = json.loads((_FOLDER / "kinds.json").read_text("utf-8"))
        return cls(
            _by_phrase(stored["parts"]),
            _by_phrase(stored["wholes"]),
            _by_phrase(stored["generic"]),
            {kind: re.compile(form) for kind, form in stored["symbols"].items()},
            frozenset(stored["after"]),
        )

    def named(self, text: str, phrases: Mapping[tuple[str, ...], str]) -> str | None:
        """Return the kind that a title or a line names as its own.

        It begins or ends a part of the text, with no `of` or `the` before it: "Annex VI", "Policy
        brief", "Evaluation of the annual report" is an evaluation.
        """
        for segment in _SEGMENT.split(text.replace("’", "'")):
            words = _pieces(segment)
            for at, length in _places(words):
                kind = phrases.get(tuple(words[at : at + length]))
                if kind and self._ends(words[at + length :]):
                    return kind
        return None

    def _ends(self, rest: Sequence[str]) -> bool:
        return not rest or rest[0] in self.after or _NUMERAL.fullmatch(rest[0]) is not None


def kind_of(
    sheet: Sheet, title: str | None, subtitle: str | None, symbol: str | None
) -> Choice | None:
    """Return the kind of a document; None where nothing tells it.

    What tells of a part (annex, brief) goes before what tells of a whole: an annex to an
    evaluation is an annex. The title page goes before the symbol and the file's name.
    """
    told = _told(sheet, [text for text in (title, subtitle) if text], symbol)
    kind, origin = next((each for each in told if each[0]), (None, ""))
    return Choice(kind, origin, _CONFIDENCE[origin]) if kind else None


def _told(
    sheet: Sheet, printed: Sequence[str], symbol: str | None
) -> Iterator[tuple[str | None, str]]:
    """Yield the kinds that each place tells, and the place; the surest first."""
    words = KindWords.shipped()
    lines = list(_display_lines(sheet, printed))

    def first(phrases: Mapping[tuple[str, ...], str], texts: Sequence[str]) -> str | None:
        return next(filter(None, (words.named(text, phrases) for text in texts)), None)

    yield first(words.parts, [*reversed(printed), *lines]), FIRST_PAGE
    yield _by_symbol(symbol, words), FIRST_PAGE
    yield first(words.wholes, [*printed, *lines]), FIRST_PAGE
    yield first(words.generic, [*printed, *lines]), FIRST_PAGE
    named = [title_from_name(sheet.name)]
    for phrases in (words.parts, words.wholes, words.generic):
        yield first(phrases, named), "name"


def _by_symbol(symbol: str | None, words: KindWords) -> str | None:
    if not symbol:
        return None
    return next((kind for kind, form in words.symbols.items() if form.search(symbol)), None)


def _display_lines(sheet: Sheet, printed: Sequence[str]) -> Iterator[str]:
    """Yield the short first lines of a title page: what stands above and below a title."""
    if sheet.starts_inside:
        return
    held = [fold(text) for text in printed]
    texts = [_TRAILING_CODE.sub("", line.text) for line in sheet.of_page(1)]
    for text, following in islice(pairwise([*texts, ""]), _MOST_LINES):
        if max(len(words_in(each)) for each in (text, following)) > _LONGEST_LINE:
            continue  # running text, or its heading
        if any(fold(text) in each for each in held):
            continue  # a line of the title
        if "organisation" not in sheet.words.kinds_of(words_in(text)):
            yield text


def _pieces(segment: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:[-'’.][^\W_]+)*", segment.casefold())


def _places(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield (start, length) of the phrases before the first function word, longer ones first."""
    functions = WordLists.shipped().kinds["function"]
    for at, word in enumerate(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
            yield at, length
        if word in functions:
            return


def _by_phrase(kinds: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], str]:
    return {tuple(_pieces(phrase)): kind for kind, phrases in kinds.items() for phrase in phrases}
