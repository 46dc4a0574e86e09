"""What a document's first pages say of it: report symbol, date, publisher."""

import re
from collections.abc import Iterator, Sequence

from corpus.document import Page
from ingest.sources.source import Fields
from ingest.text.months import MONTHS, month_number

_SEARCHED_CHARACTERS = 3_000
_SYMBOL = re.compile(
    r"((?:A|S|E|ST|CCPR|CEDAW|CAT|CERD|CRC|CMW|CRPD|JIU|CTOC|CAC|HSP|UNEP|TD|DP|FCCC|CEB|CBD|IDB"
    r"|PBC|T|ECE|ESCAP|LC|ICCD|SPLOS|NPT|HRI)(?:/[A-Z0-9][A-Za-z0-9.()]{0,24}){1,6})"
    r"(?:[-–][A-Z]+/[A-Z0-9/.]+)?[*†‡]*(?:\s*\[[^\]]{1,40}\])?"  # a second symbol, a remark
)
_BEFORE_SYMBOL = re.compile(
    r"(?:United Nations|Nations Unies|Naciones Unidas|Nations|Review Highlights)"
    r"(?: System| Secretariat)?\s*",
    re.IGNORECASE,
)
_FILE_SYMBOL = re.compile(
    r"(?:A|S|E|JIU|ST|CTOC|CMW)(?:[_-](?:Rev|Add|Corr|INF|[A-Z]{1,5}|\d{1,4})(?:\.\d+)?){2,6}"
)
_DATE = re.compile(
    rf"\b(\d{{1,2}})(?:er)?\s+(?:de\s+)?({'|'.join(MONTHS)})\s+(?:de\s+)?((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_DISTRIBUTED = re.compile(
    r"Distr(?:\.|ibution)\s*:?\s*(?:General|Limited|Restricted|Générale)", re.I
)
_UNITED_NATIONS = re.compile(r"\b(?:United Nations|Nations Unies|Naciones Unidas)\b", re.IGNORECASE)
_OF_UNITED_NATIONS = ("A/", "S/", "E/", "ST/", "T/")


def said_on_first_pages(pages: Sequence[Page], name: str) -> Fields:
    """Return the report symbol, date and publisher that the first page gives.

    The symbol is a United Nations document symbol such as `A/79/768` that stands on the page, or
    one in the file's name (`A_79_768.pdf`) that the page confirms with its digits. The date is the
    first that follows `Distr.:`, as on United Nations documents; none is guessed elsewhere.
    """
    head = pages[0].text[:_SEARCHED_CHARACTERS] if pages else ""
    symbol = _symbol(head, name)
    distributed = _DISTRIBUTED.search(head)
    date = _DATE.search(head, distributed.end()) if distributed else None
    is_un = symbol is not None and symbol.startswith(_OF_UNITED_NATIONS)
    return Fields(
        publisher="United Nations" if is_un and _UNITED_NATIONS.search(head) else None,
        date=_iso(date) if date else None,
        metadata={"symbol": symbol} if symbol else {},
    )


def _symbol(head: str, name: str) -> str | None:
    found = list(_symbols(head))
    named = _FILE_SYMBOL.match(name.rsplit("/", 1)[-1])
    if named:
        # The file's name writes / as _; the page's form, where it has it, is the one printed.
        wanted = re.sub(r"[^A-Z0-9]", "", named.group().upper())
        for symbol in found:
            if re.sub(r"[^A-Z0-9]", "", symbol.upper()) == wanted:
                return symbol
    return found[0] if found else None


def _symbols(head: str) -> Iterator[str]:
    """Yield the symbols that stand on a line of their own, or after `United Nations`."""
    for line in head.splitlines():
        stripped = line.strip()
        before = _BEFORE_SYMBOL.match(stripped)
        match = _SYMBOL.fullmatch(stripped, before.end() if before else 0)
        if match and any(c.isdigit() for c in match.group(1)):
            yield match.group(1).rstrip(".")


def _iso(found: re.Match[str]) -> str:
    month = month_number(found.group(2))
    return f"{found.group(3)}-{month:02}-{min(int(found.group(1)), 31):02}"
