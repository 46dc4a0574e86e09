"""Pools: what several runs found, merged to be judged without seeing who found it where."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import InputError
from eval.data_sets.data_sets import CORPUS, BeirDataset
from eval.data_sets.runs import Run
from eval.data_sets.topics import Query

DEFAULT_DEPTH = 10
DEFAULT_SEED = 2019

Pair = tuple[str, str]
"""A query id and a document id."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """One document to judge for one query, and the rank from 1 at which each run holds it."""

    query_id: str
    doc_id: str
    ranks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PoolTexts:
    """What an assessor reads: queries and documents by id."""

    queries: Mapping[str, str]
    documents: Mapping[str, str]


def pool(
    runs: Mapping[str, Run],
    *,
    depth: int = DEFAULT_DEPTH,
    seed: int = DEFAULT_SEED,
    judged: Collection[Pair] = frozenset(),
) -> tuple[Pooled, ...]:
    """Return the first `depth` documents of each run, each once a query, without those judged.

    Queries stand in the order in which the runs name them. Documents of a query stand in an order
    that is made from the seed and the ids alone: it tells nothing of ranks, and a further run adds
    documents without moving the others.

    *Source:* Spärck Jones and van Rijsbergen 1975, Report on the need for and provision of an
    'ideal' information retrieval test collection; Voorhees and Harman 2005, TREC: experiment and
    evaluation in information retrieval, chapter 2.
    """
    if depth < 1:
        raise InputError(f"Found a pool depth of {depth}; expected at least 1.")
    ranks: dict[str, dict[str, dict[str, int]]] = {}
    for name, run in runs.items():
        for query_id, ranking in run.rankings.items():
            found = ranks.setdefault(query_id, {})
            for rank, scored in enumerate(ranking[:depth], start=1):
                found.setdefault(scored.doc_id, {})[name] = rank
    return tuple(
        Pooled(query_id, doc_id, found[doc_id])
        for query_id, found in ranks.items()
        for doc_id in sorted(found, key=lambda doc_id: _place(seed, query_id, doc_id))
        if (query_id, doc_id) not in judged
    )


def pool_texts(folder: Path, pooled: Iterable[Pooled], queries: Iterable[Query]) -> PoolTexts:
    """Return the texts of a pool from a BEIR folder; its corpus is read line by line.

    Raises: InputError if a query or a document of the pool is not there, or a line is unreadable.
    """
    wanted = tuple(pooled)
    asked = {query.query_id: query.text for query in queries}
    doc_ids = {each.doc_id for each in wanted}
    found: dict[str, str] = {}
    for document in BeirDataset(folder, "", (), ()).documents():
        if document.doc_id in doc_ids:
            found[document.doc_id] = "\n".join(filter(None, (document.title, document.text)))
    for each in wanted:
        if each.query_id not in asked:
            raise InputError(
                f"{folder}: found no text for the query {each.query_id!r} of the runs."
            )
        if each.doc_id not in found:
            raise InputError(
                f"{folder / CORPUS}: found no document {each.doc_id!r}, which a run holds for "
                f"query {each.query_id!r}; expected the corpus that was searched."
            )
    return PoolTexts(asked, found)


def pool_lines(pooled: Iterable[Pooled], texts: PoolTexts, *, blind: bool = False) -> Iterator[str]:
    """Yield a JSON object a line, with `relevance` null: the place for a judgement.

    `{"query_id", "query", "doc_id", "text", "relevance", "runs": {name: rank}}`; `blind` leaves
    `runs` out, for assessors who read the file itself.
    """
    for each in pooled:
        record: dict[str, object] = {
            "query_id": each.query_id,
            "query": texts.queries[each.query_id],
            "doc_id": each.doc_id,
            "text": texts.documents[each.doc_id],
            "relevance": None,
        }
        if not blind:
            record["runs"] = dict(each.ranks)
        yield json.dumps(record, ensure_ascii=False) + "\n"


def _place(seed: int, query_id: str, doc_id: str) -> str:
    key = json.dumps([seed, query_id, doc_id])
    return hashlib.sha256(key.encode("utf-8")).hexdigest()
