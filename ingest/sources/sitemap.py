"""The addresses that a sitemap lists."""

from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from corpus.errors import ReadError
from ingest.sources.fetching import Fetcher
from ingest.sources.source import is_address

MOST_ADDRESSES = 50_000
_MOST_DEPTH = 2


def addresses_in(address: str, fetcher: Fetcher, depth: int = 0) -> Iterator[str]:
    """Yield the addresses of a sitemap and of the sitemaps it lists, in order, each once.

    Raises: ReadError if one cannot be fetched or is no sitemap.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    content = fetcher.fetch(address).content or b""
    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise ReadError(
            f"{address} is no sitemap ({type(error).__name__}: {error}). Expected its XML."
        ) from error
    is_index = root.tag.endswith("sitemapindex")
    found = dict.fromkeys(
        text
        for element in root.iter()
        if element.tag.rsplit("}", 1)[-1] == "loc"
        and is_address(text := (element.text or "").strip())
    )
    for listed in list(found)[:MOST_ADDRESSES]:
        if not is_index:
            yield listed
        elif depth < _MOST_DEPTH:
            yield from addresses_in(listed, fetcher, depth + 1)
