"""What a file says of itself: on its first pages, in its properties, by its words and its name."""

from ingest.front_matter.publishers import plausible_publisher
from ingest.front_matter.words import WordLists, fold, words_in
from ingest.metadata.describing import Description, described, put_together
from ingest.metadata.first_pages import said_on_first_pages
from ingest.metadata.reading_front_matter import description_of
from ingest.readers.document.reader import Reading
from ingest.readers.document.titles import believed_title, title_from_name
from ingest.sources.source import Fields
from ingest.text.languages import main_language

_FEWEST_WORDS = 6
_AS_LONG = 4
_SHARE = 0.5  # a list's text of a scan may be another than ours
_LONG = 120


def self_description(reading: Reading, name: str) -> Description:
    """Return title, publisher, date, kind, language, symbol and more, and where each was found.

    What the first pages print goes before the file's properties, which name the typist, the
    program and the day of the last conversion. A person or a program is no publisher.
    """
    on_first = said_on_first_pages(reading.pages, name)
    first = described(on_first, "first page")
    symbol = on_first.metadata.get("symbol")
    printed = description_of(reading, name, symbol) if reading.shown else Description()
    text = described(Fields(language=main_language(reading.pages)), "text")
    named = described(Fields(title=title_from_name(name)), "name")
    return put_together((printed, first, described(_properties(reading), "file"), text, named))


def is_only_beginning(title: str, reading: Reading, said: Description) -> bool:
    """Tell whether a title is only how the first page begins, masthead and all, cut somewhere.

    Programs that list files take it for one. It is so long, or holds the printed title and more
    before it, that nobody gave it. So are letters of a font that a program has put there.
    """
    if len(title) >= _LONG and believed_title(title) is None:
        return True
    words = words_in(title)
    if len(words) < _FEWEST_WORDS or not reading.pages:
        return False
    beginning = set(words_in(reading.pages[0].text[: _AS_LONG * len(title)]))
    if sum(word in beginning for word in words) < _SHARE * len(words):
        return False
    printed = said.values.get("title", "")
    if fold(printed) == fold(title):
        return False
    after = fold(title).find(fold(printed)) > 0
    return len(title) >= _LONG or (after and said.provenance.get("title") != "name")


def _properties(reading: Reading) -> Fields:
    author = reading.publisher
    if author and reading.shown and not plausible_publisher(author, WordLists.shipped()):
        author = None
    return Fields(
        title=reading.title,
        publisher=author,
        date=reading.date,
        language=reading.language,
        metadata=reading.metadata,
    )
