"""The values of each query, written to a file: a table for spreadsheets, or JSON Lines."""

import json
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import InputError
from eval.retrieval.measures import Measured


def write_per_query(measured: Measured, path: Path) -> None:
    """Write a line a judged query, in the order of the judgements.

    A file named `.jsonl` holds `{"query_id", "answered", "values": {measure: value}}`; any other a
    table parted by tabs, with a header: `query_id`, `answered` (1 or 0), then the measures. Values
    are written so that reading them gives the same numbers.

    Raises: InputError if the file cannot be written.
    """
    lines = _json_lines(measured) if path.suffix == ".jsonl" else _table(measured)
    try:
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: expected a file to write to; {error.strerror}.") from error


def _json_lines(measured: Measured) -> Iterator[str]:
    unanswered = set(measured.unanswered)
    for query_id in measured.query_ids:
        values = {name: by_query[query_id] for name, by_query in measured.values.items()}
        record = {"query_id": query_id, "answered": query_id not in unanswered, "values": values}
        yield json.dumps(record, ensure_ascii=False)


def _table(measured: Measured) -> Iterator[str]:
    unanswered = set(measured.unanswered)
    yield "\t".join(["query_id", "answered", *measured.values])
    for query_id in measured.query_ids:
        values = [repr(by_query[query_id]) for by_query in measured.values.values()]
        yield "\t".join([query_id, str(int(query_id not in unanswered)), *values])
