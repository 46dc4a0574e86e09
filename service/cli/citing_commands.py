"""The `citewell cite` command: a citation of a saved answer, as a reference, its page as a PDF."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from service.cli.commanding import Json, reported, settings_of


def cite(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="An Answer saved from `citewell ask --json`.")],
    number: Annotated[int, typer.Argument(help="The number of the citation.")] = 1,
    pdf: Annotated[
        Path | None, typer.Option("--pdf", help="Write the cited page here, the quote highlighted.")
    ] = None,
    style: Annotated[
        str,
        typer.Option(help="chicago, apa or un; csl-json, ris or bibtex for reference managers."),
    ] = "chicago",
    as_json: Json = False,
) -> None:
    """Check one citation of a saved answer, and give the reference to its document and page.

    A quote that has moved is highlighted where it stands now; exit 1 if it stands nowhere.
    """
    from service.cli.printing import print_bytes, print_json, print_lines

    with reported(as_json=as_json):
        from ingest.pages.drawing import DrawingWorkers
        from service.access.opening import open_store
        from service.receipts.cited_page import checked_citation, cited_pdf
        from service.receipts.verifying import read_answer
        from service.receipts.written_references import (
            checked_style,
            with_reference,
            written_reference,
        )

        chosen = checked_style(style)
        with open_store(settings_of(context), read_only=True) as store:
            citation, verdict = checked_citation(read_answer(file), number, store)
            written = written_reference(citation, verdict, store, chosen)
            if pdf is not None:
                with DrawingWorkers() as workers:
                    print_bytes(cited_pdf(citation, verdict, store, workers), pdf)
        if as_json:
            print_json(asdict(with_reference(verdict, written)))
        elif written.is_record:
            print_lines([written.text])
        else:
            quote = " ".join(citation.quote.split())
            print_lines([f"[{number}] {verdict.verdict}: {verdict.detail}", f"    “{quote}”"])
            print_lines([f"    {line}" for line in written.text.splitlines()])
