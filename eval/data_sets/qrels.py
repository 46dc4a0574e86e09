"""Judgements, and the two layouts of files that hold them: TREC's and BEIR's."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import InputError
from eval.data_sets.numbered_lines import numbered_lines

_TREC = "expected 4: query_id 0 doc_id relevance"
_BEIR = "expected 3: query-id, corpus-id, score"


@dataclass(frozen=True, slots=True)
class Qrel:
    """One judgement: how relevant a document is to a query. 0 is judged and not relevant."""

    query_id: str
    doc_id: str
    relevance: int


def read_qrels(path: Path) -> Iterator[Qrel]:
    """Yield the judgements of a file, in its order. It may be packed by gzip.

    Two layouts, told apart by the first line: TREC's `query_id 0 doc_id relevance`, parted by
    white space, whose second column is not used; and BEIR's `query-id corpus-id score`, parted by
    tabs, with a header or without. Relevance may be negative (TREC marks junk so).

    Raises: InputError naming the line that cannot be read or judges a pair again.
    """
    judged: dict[tuple[str, str], int] = {}
    parted_by_tabs: bool | None = None
    for number, line in numbered_lines(path, "a file of judgements"):
        if parted_by_tabs is None:
            parted_by_tabs = line.count("\t") == 2
            if parted_by_tabs and line.split("\t")[-1].strip() == "score":
                continue
        where = f"{path}, line {number}"
        qrel = _beir_qrel(line, where) if parted_by_tabs else _trec_qrel(line, where)
        pair = (qrel.query_id, qrel.doc_id)
        if pair in judged:
            raise InputError(
                f"{where}: found a second judgement of query {pair[0]!r} and document {pair[1]!r} "
                f"(first on line {judged[pair]}); expected one a pair."
            )
        judged[pair] = number
        yield qrel


def _trec_qrel(line: str, where: str) -> Qrel:
    columns = line.split()
    if len(columns) != 4:
        raise InputError(f"{where}: found {len(columns)} columns; {_TREC}.")
    query_id, _, doc_id, relevance = columns
    return Qrel(query_id, doc_id, _whole(relevance, "relevance", where))


def _beir_qrel(line: str, where: str) -> Qrel:
    columns = [column.strip() for column in line.split("\t")]
    if len(columns) != 3:
        raise InputError(f"{where}: found {len(columns)} tab-separated columns; {_BEIR}.")
    query_id, doc_id, score = columns
    return Qrel(query_id, doc_id, _whole(score, "score", where))


def _whole(text: str, what: str, where: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise InputError(f"{where}: found {text!r} as {what}; expected a whole number.") from error
