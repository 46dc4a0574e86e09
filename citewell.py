"""citewell: answers from a collection of reports, each sentence a verbatim quote.

The front door: the `citewell` command, and the public names, each loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.answer import Answer, Citation, Passage, Search, Statement
    from service.engine import Engine
    from service.request import Request
    from service.settings import Settings, read_settings

__all__ = [
    "Answer",
    "Citation",
    "Engine",
    "Passage",
    "Request",
    "Search",
    "Settings",
    "Statement",
    "main",
    "read_settings",
]

_HOMES = {
    "Answer": "service.answer",
    "Citation": "service.answer",
    "Engine": "service.engine",
    "Passage": "service.answer",
    "Request": "service.request",
    "Search": "service.answer",
    "Settings": "service.settings",
    "Statement": "service.answer",
    "read_settings": "service.settings",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'citewell' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def main() -> None:
    """Run the `citewell` command."""
    from eval.application import build_eval_app
    from service.commands import build_app

    app = build_app()
    app.add_typer(build_eval_app(), name="eval")
    app()


if __name__ == "__main__":
    main()
