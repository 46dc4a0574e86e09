"""Queries from TREC topics: a line a query, or the classic form in angle brackets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpus.errors import InputError
from eval.data_sets.numbered_lines import numbered_lines

TopicField = Literal["title", "desc", "narr"]

# Closing tags are left out in the classic files: a field ends where the next tag begins.
_TAG = re.compile(r"<\s*(/?)\s*(top|num|title|desc|narr)\s*>", re.IGNORECASE)
_LABEL = re.compile(r"^\s*(Number|Topic|Description|Narrative)\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Query:
    """One question of a data set."""

    query_id: str
    text: str


def read_topics(path: Path, *, field: TopicField = "title") -> Iterator[Query]:
    """Yield the queries of a topics file, in its order. It may be packed by gzip.

    Two forms, told apart by the first line. `query_id text`, parted by a tab or by spaces: an id
    holds no white space, as in runs and qrels. Or TREC's `<top>` blocks with `<num>`, `<title>`,
    `<desc>` and `<narr>`, of which `field` is the query; labels such as `Number:` are left out.

    Raises: InputError naming the line that cannot be read or repeats an id.
    """
    lines = list(numbered_lines(path, "a file of topics"))
    blocks = bool(lines) and lines[0][1].lstrip().startswith("<")
    seen: dict[str, int] = {}
    for number, query in _tagged(lines, field, path) if blocks else _parted(lines, path):
        if query.query_id in seen:
            raise InputError(
                f"{path}, line {number}: found the query {query.query_id!r} again (first on line "
                f"{seen[query.query_id]}); expected every id once."
            )
        seen[query.query_id] = number
        yield query


def _parted(lines: list[tuple[int, str]], path: Path) -> Iterator[tuple[int, Query]]:
    for number, line in lines:
        parts = line.split(maxsplit=1)
        if len(parts) != 2 or line[0].isspace():
            raise InputError(
                f"{path}, line {number}: found {line[:60]!r}; expected a query id and its text."
            )
        yield number, Query(parts[0], parts[1].strip())


def _tagged(
    lines: list[tuple[int, str]], field: TopicField, path: Path
) -> Iterator[tuple[int, Query]]:
    """Yield the query of each block, with the line on which the block begins."""
    fields: dict[str, str] | None = None
    begun, tag = 0, ""
    for number, line in lines:
        where = f"{path}, line {number}"
        end = 0
        for match in _TAG.finditer(line):
            _take(fields, tag, line[end : match.start()], where)
            closing, name = bool(match[1]), match[2].lower()
            end = match.end()
            tag = "" if closing else name
            if name == "top" and not closing:
                if fields is not None:
                    raise InputError(
                        f"{where}: found <top> in the block that begins on line {begun}; expected "
                        "</top> before it."
                    )
                fields, begun, tag = {}, number, ""
            elif name == "top":
                if fields is None:
                    raise InputError(f"{where}: found </top> without <top> before it.")
                yield begun, _query(fields, field, f"{path}, line {begun}")
                fields = None
            elif fields is None:
                raise InputError(f"{where}: found <{name}> outside of <top>; expected it inside.")
        _take(fields, tag, line[end:] + "\n", where)
    if fields is not None:
        raise InputError(f"{path}, line {begun}: found <top> without </top>; expected both.")


def _take(fields: dict[str, str] | None, tag: str, text: str, where: str) -> None:
    """Add text to the field that is open. Raises: InputError for text outside of a block."""
    if fields is None:
        if text.strip():
            raise InputError(f"{where}: found {text.strip()[:60]!r}; expected <top>.")
    elif tag:
        fields[tag] = fields.get(tag, "") + text


def _query(fields: dict[str, str], field: TopicField, where: str) -> Query:
    found = {name: " ".join(_LABEL.sub("", text).split()) for name, text in fields.items()}
    query_id, text = found.get("num", ""), found.get(field, "")
    if not query_id or " " in query_id:
        raise InputError(f"{where}: found {query_id!r} as <num>; expected an id without spaces.")
    if not text:
        raise InputError(f"{where}: topic {query_id!r}: found no text as <{field}>; expected one.")
    return Query(query_id, text)
