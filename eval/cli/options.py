"""The options that several evaluations share, each written once.

Importing this file loads nothing but Typer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

NoRerank = Annotated[bool, typer.Option("--no-rerank", help="Skip the reading model.")]
Mode = Annotated[
    Literal["hybrid", "dense", "lexical"],
    typer.Option(help="Dense and lexical search, or only one of them."),
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
        help="Compare with the figures in FILE; exit 1 if one is outside its tolerance.",
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
    typer.Option(min=1000, max=10_000, help="Bootstrap resamples for each 95 % interval (seeded)."),
]
Split = Annotated[str, typer.Option(help="With --beir: the judgements of qrels/SPLIT.tsv.")]
OtherEmbedder = Annotated[
    str | None,
    typer.Option("--embedder", help="Override the configured one: a name, id or folder."),
]
OtherReranker = Annotated[
    str | None,
    typer.Option("--reranker", help="Override the configured one: a name, id or folder."),
]
Wording = Annotated[str, typer.Option("--field", help="Field of the file with the wording to ask.")]
AskedCollection = Annotated[
    str | None, typer.Option("--collection", "-c", help="Ask only this collection.")
]
Limit = Annotated[
    int | None, typer.Option(min=1, help="Only the first N questions, for a quick check.")
]
Work = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="Cache of ingested, embedded and measured data. [default: CITEWELL_HOME/eval]",
    ),
]
