"""What a file says of itself: in its properties, on its first pages, by its words and its name."""

from ingest.describing import Description, described, put_together
from ingest.first_pages import said_on_first_pages
from ingest.languages import main_language
from ingest.readers.reader import Reading
from ingest.readers.titles import title_from_name
from ingest.source import Fields


def self_description(reading: Reading, name: str) -> Description:
    """Return title, publisher, date, language, symbol and more, each with where it was found.

    The file's properties go before its first pages, but for the date and the publisher of United
    Nations documents, whose files name the typist and the day of the last conversion.
    """
    properties = described(
        Fields(
            title=reading.title,
            publisher=reading.publisher,
            date=reading.date,
            language=reading.language,
            metadata=reading.metadata,
        ),
        "file",
    )
    first = described(said_on_first_pages(reading.pages, name), "first page")
    text = described(Fields(language=main_language(reading.pages)), "text")
    named = described(Fields(title=title_from_name(name)), "name")
    return put_together((first, properties, text, named))
