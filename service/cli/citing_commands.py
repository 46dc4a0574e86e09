"""The `citewell cite` command: a citation of a saved answer, and its page as a PDF."""

from __future__ import annotations

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
    as_json: Json = False,
) -> None:
    """Check one citation of a saved answer, and write the page that it stands on as a PDF.

    A quote that has moved is highlighted where it stands now; exit 1 if it stands nowhere.
    """
    from service.cli.printing import print_bytes, print_json, print_lines

    with reported(as_json=as_json):
        from ingest.pages.drawing import DrawingWorkers
        from service.access.opening import open_store
        from service.receipts.cited_page import checked_citation, cited_pdf
        from service.receipts.verifying import read_answer

        with open_store(settings_of(context), read_only=True) as store:
            citation, verdict = checked_citation(read_answer(file), number, store)
            if pdf is not None:
                with DrawingWorkers() as workers:
                    print_bytes(cited_pdf(citation, verdict, store, workers), pdf)
        if as_json:
            print_json(verdict)
        else:
            quote = " ".join(citation.quote.split())
            print_lines([f"[{number}] {verdict.verdict}: {verdict.detail}", f"    “{quote}”"])
