"""The `citewell` commands. Importing this file loads nothing but Typer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.commanding import Json, pairs, reported, settings_of
from service.cli.home_option import HomeAnywhere


def build_app() -> typer.Typer:
    """Return the command line application."""
    from service.cli.alias_commands import aliases_app
    from service.cli.asking_commands import ask, explain, search
    from service.cli.audit_commands import audit_app
    from service.cli.backup_commands import backup_app
    from service.cli.checking_commands import replay, verify
    from service.cli.citing_commands import cite
    from service.cli.collection_commands import doctor, documents_app, models_app
    from service.cli.find_commands import find
    from service.cli.key_commands import keys_app
    from service.cli.snapshot_commands import snapshots_app
    from service.cli.store_commands import store_app

    app = typer.Typer(
        cls=HomeAnywhere,
        help="Answers from a collection of reports, each sentence a verbatim quote with its page.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="Settings come from CITEWELL_… variables; see docs/reference/settings.md.",
    )
    app.callback()(_choose_home)
    for command in (ingest, ask, search, find, explain, serve, mcp, verify, replay, cite, doctor):
        app.command()(command)
    app.add_typer(documents_app, name="documents")
    app.add_typer(snapshots_app, name="snapshots")
    app.add_typer(store_app, name="store")
    app.add_typer(backup_app, name="backup")
    app.add_typer(aliases_app, name="aliases")
    app.add_typer(models_app, name="models")
    app.add_typer(keys_app, name="keys")
    app.add_typer(audit_app, name="audit")
    return app


def _print_version(asked: bool) -> None:
    if asked:
        from service.settings.version import installed_version

        typer.echo(f"citewell {installed_version()}")
        raise typer.Exit


def _choose_home(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(help="Folder of the collections' state [CITEWELL_HOME, ./var].")
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback prints it
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    context.obj = home


def ingest(
    context: typer.Context,
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH…",
            help="Files, folders, globs, manifests (.jsonl), URLs or sitemaps.",
        ),
    ],
    collection: Annotated[
        str | None,
        typer.Option("--collection", "-c", help="Collection to add the documents to [default]."),
    ] = None,
    metadata: Annotated[
        list[str] | None,
        typer.Option(
            "--metadata", "-m", metavar="K=V", help="Metadata for each document; repeatable."
        ),
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(envvar="CITEWELL_INGEST_PASSWORD", help="Password for encrypted files."),
    ] = None,
    prune: Annotated[
        bool, typer.Option(help="Remove documents that are no longer in these folders or URLs.")
    ] = False,
    allow_private: Annotated[
        bool, typer.Option(help="Also fetch from private and loopback addresses.")
    ] = False,
    watch: Annotated[
        bool, typer.Option(help="Keep running: ingest again when a file changes, until Ctrl-C.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read documents, index them and publish a snapshot."""
    from service.cli.printing import print_json, print_lines, report_lines

    with reported(as_json=as_json):
        from service.cli.ingest_bar import IngestBar
        from service.collection.ingest_report import IngestReport, IngestRequest
        from service.collection.publishing import publish

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
            from service.cli.watching import changes

            for _ in changes(paths):
                run()
        if any(document.status == "rejected" for document in report.documents):
            raise typer.Exit(3)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
    open_to_all: Annotated[
        bool, typer.Option("--open", help="Let everybody read without a key.")
    ] = False,
    log_format: Annotated[
        str | None,
        typer.Option(help="text or json, one object a line [CITEWELL_LOG_FORMAT, text]."),
    ] = None,
) -> None:
    """Serve the HTTP API and the web page.

    On an address that other machines can reach, it needs a key (`citewell keys create`) or --open.
    Requests without a key may then only read.
    """
    with reported(as_json=False):
        from service.http.serving import serve as run
        from service.observing.logs import use_logs

        settings = settings_of(context, log_format=log_format)
        use_logs(settings)
        run(settings, host, port, open_to_all=open_to_all)


def mcp(context: typer.Context) -> None:
    """Run an MCP server on stdin and stdout.

    URLs in citations begin with CITEWELL_BASE_URL, where `citewell serve` shows the pages.
    """
    with reported(as_json=False):
        from service.dialects.mcp.transports import serve_stdio

        serve_stdio(settings_of(context))
