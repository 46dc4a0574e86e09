"""The options that several evaluations share, each written once.

Importing this file loads nothing but Typer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

NoRerank = Annotated[bool, typer.Option("--no-rerank", help="Leave the reading model out.")]
Mode = Annotated[
    Literal["hybrid", "dense", "lexical"],
    typer.Option(help="Search by meaning and words, by meaning only, or by words only."),
]
QuestionFormat = Annotated[
    Literal["questions", "squad", "clapnq"],
    typer.Option(
        "--format", help="Questions on a collection that is there, or a set with its own passages."
    ),
]
ExpectedFile = Annotated[
    Path | None,
    typer.Option(
        "--expected",
        "--check",
        metavar="FILE",
        help="Compare with the figures in FILE; exit 1 where one is outside its tolerance.",
    ),
]
RecordFile = Annotated[
    Path | None,
    typer.Option("--record", metavar="FILE", help="Write the figures to FILE, as expected ones."),
]
Tolerance = Annotated[
    float, typer.Option(min=0, help="Tolerance of the figures that --record writes.")
]
Resamples = Annotated[
    int,
    typer.Option(
        min=1000, max=10_000, help="Bootstrap resamples behind each 95 % interval (seeded)."
    ),
]
Split = Annotated[str, typer.Option(help="With --beir: the judgements of qrels/SPLIT.tsv.")]
OtherEmbedder = Annotated[
    str | None,
    typer.Option("--embedder", help="Instead of the configured one: a name, id or folder."),
]
OtherReranker = Annotated[
    str | None,
    typer.Option("--reranker", help="Instead of the configured one: a name, id or folder."),
]
Wording = Annotated[
    str, typer.Option("--field", help="Which wording to ask: the name of a field of the file.")
]
AskedCollection = Annotated[
    str | None, typer.Option("--collection", "-c", help="Ask only this collection.")
]
Limit = Annotated[
    int | None, typer.Option(min=1, help="Only the first questions, to see that all works.")
]
Work = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="Keeps what was ingested, embedded and measured. [default: CITEWELL_HOME/eval]",
    ),
]
