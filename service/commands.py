"""The `citewell` commands. Importing this file loads nothing but Typer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from service.commanding import Filter, Json, pairs, reported, settings_of

if TYPE_CHECKING:
    from service.engine import Engine
    from service.request import Request
    from service.settings import Settings

Passages = Annotated[int, typer.Option("-k", "--passages", help="How many passages come back.")]
NoRerank = Annotated[bool, typer.Option("--no-rerank", help="Leave the cross-encoder out: faster.")]
Mode = Annotated[
    Literal["hybrid", "dense", "lexical"],
    typer.Option(help="Search by meaning and words, by meaning only, or by words only."),
]


def build_app() -> typer.Typer:
    """Return the command line application."""
    from service.alias_commands import aliases_app
    from service.collection_commands import doctor, documents_app, models_app
    from service.find_commands import find
    from service.key_commands import keys_app
    from service.snapshot_commands import snapshots_app

    app = typer.Typer(
        help="Answers from a collection of reports, each sentence a verbatim quote with its page.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="Settings come from CITEWELL_… variables; see docs/settings.md.",
    )
    app.callback()(_choose_home)
    for command in (ingest, ask, search, find, explain, serve, mcp, verify, doctor):
        app.command()(command)
    app.add_typer(documents_app, name="documents")
    app.add_typer(snapshots_app, name="snapshots")
    app.add_typer(aliases_app, name="aliases")
    app.add_typer(models_app, name="models")
    app.add_typer(keys_app, name="keys")
    return app


def _choose_home(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(help="Folder of the collection's state [CITEWELL_HOME, ./var].")
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as version_of

        typer.echo(f"citewell {version_of('citewell')}")
        raise typer.Exit
    context.obj = home


def ingest(
    context: typer.Context,
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH…",
            help="Files, folders, globs, manifests (.jsonl), http(s) addresses or sitemaps.",
        ),
    ],
    collection: Annotated[
        str | None,
        typer.Option("--collection", "-c", help="Collection that the documents join [default]."),
    ] = None,
    metadata: Annotated[
        list[str] | None,
        typer.Option("--metadata", "-m", metavar="K=V", help="Say this of each document. Repeat."),
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(envvar="CITEWELL_INGEST_PASSWORD", help="Opens encrypted files."),
    ] = None,
    prune: Annotated[
        bool, typer.Option(help="Remove documents that have left these folders or addresses.")
    ] = False,
    allow_private: Annotated[
        bool, typer.Option(help="Fetch from private and loopback addresses, too.")
    ] = False,
    watch: Annotated[
        bool, typer.Option(help="Go on: ingest again whenever a file changes, until Ctrl-C.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read documents and publish a snapshot that answers."""
    from service.printing import print_json, print_lines, report_lines

    with reported(as_json=as_json):
        from service.ingest_bar import IngestBar
        from service.ingest_report import IngestReport, IngestRequest
        from service.publishing import publish

        settings = settings_of(context)
        request = IngestRequest(
            paths,
            collection,
            pairs(metadata or []),
            password=password,
            prune=prune,
            allow_private=allow_private,
        )

        def run() -> IngestReport:
            with IngestBar() as bar:
                report = publish(request, settings, bar.draw)
            print_json(report) if as_json else print_lines(report_lines(report))
            return report

        report = run()
        if watch:
            from service.watching import changes

            for _ in changes(paths):
                run()
        if any(document.status == "rejected" for document in report.documents):
            raise typer.Exit(3)


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="A question in plain words.")],
    passages: Passages = 10,
    filters: Filter = None,
    mode: Mode = "hybrid",
    no_rerank: NoRerank = False,
    as_json: Json = False,
) -> None:
    """Answer a question with verbatim quotes."""
    from service.printing import answer_lines, print_json, print_lines

    with reported(as_json=as_json):
        request = _request(passages, filters, mode, no_rerank)
        with _reading_engine(settings_of(context)) as engine:
            answer = engine.ask(question, request)
        if as_json:
            print_json(answer)
        else:
            print_lines(answer_lines(answer))


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="Words or a question.")],
    passages: Passages = 10,
    filters: Filter = None,
    mode: Mode = "hybrid",
    no_rerank: NoRerank = False,
    as_json: Json = False,
) -> None:
    """Show the passages nearest to a query."""
    from service.printing import print_json, print_lines, search_lines

    with reported(as_json=as_json):
        request = _request(passages, filters, mode, no_rerank)
        with _reading_engine(settings_of(context)) as engine:
            found = engine.search(query, request)
        if as_json:
            print_json(found)
        else:
            print_lines(search_lines(found))


def explain(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="A question in plain words.")],
    passage: Annotated[str, typer.Argument(help="A passage_id, as `search --json` gives it.")],
    passages: Passages = 10,
    filters: Filter = None,
    mode: Mode = "hybrid",
    no_rerank: NoRerank = False,
    as_json: Json = False,
) -> None:
    """Say why a passage ranks where it does for a question, or was not found."""
    from service.printing import explanation_lines, print_json, print_lines

    with reported(as_json=as_json):
        request = _request(passages, filters, mode, no_rerank)
        with _reading_engine(settings_of(context)) as engine:
            found = engine.explain(question, passage, request)
        print_json(found) if as_json else print_lines(explanation_lines(found))


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
    open_to_all: Annotated[
        bool, typer.Option("--open", help="Let everybody read without a key.")
    ] = False,
) -> None:
    """Serve the HTTP API and the web page.

    On an address that other machines reach it wants a key first (`citewell keys create`), or
    --open. Requests without a key may then only read.
    """
    with reported(as_json=False):
        from service.serving import serve as run

        run(settings_of(context), host, port, open_to_all=open_to_all)


def mcp(context: typer.Context) -> None:
    """Answer an MCP client on stdin and stdout.

    Citations lead to CITEWELL_BASE_URL, where `citewell serve` shows the pages.
    """
    with reported(as_json=False):
        from service.mcp_transports import serve_stdio

        serve_stdio(settings_of(context))


def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="An Answer saved from `citewell ask --json`.")],
    as_json: Json = False,
) -> None:
    """Check the citations of a saved answer.

    Each one is ok, moved, altered or gone; exit 1 unless all are ok.
    """
    from service.printing import print_json, print_lines, verification_lines

    with reported(as_json=as_json):
        from corpus.sql_store import SqlStore
        from service.verifying import read_answer
        from service.verifying import verify as check

        with SqlStore.open(settings_of(context).store_url, read_only=True) as store:
            report = check(read_answer(file), store)
        if as_json:
            print_json(report)
        else:
            print_lines(verification_lines(report))
        if not report.ok:
            raise typer.Exit(1)


def _request(
    passages: int,
    filters: list[str] | None,
    mode: Literal["hybrid", "dense", "lexical"],
    no_rerank: bool,
) -> Request:
    from service.request import Request

    return Request(passages, tuple(filters or ()), mode, rerank=not no_rerank)


def _reading_engine(settings: Settings) -> Engine:
    """Return the engine; its models load while the rest of it is imported."""
    from service.models import Models

    models = Models.open(settings)
    models.warm()
    from service.engine import Engine

    return Engine.open(settings, models=models, read_only=True)
