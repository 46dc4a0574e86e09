"""`--home FOLDER` before the command or after it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from typer.core import TyperGroup

HOME = "--home"


class HomeAnywhere(TyperGroup):
    """The group of all commands; its option `--home` may follow a command that has none itself."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **extra: Any) -> Any:
        """Run what was typed, the home first."""
        typed = sys.argv[1:] if args is None else args
        moved = home_first(typed)
        return super().main(typed if self._has_own(moved) else moved, *more, **extra)

    def _has_own(self, words: Sequence[str]) -> bool:
        """Tell whether the command that is named has an option `--home` itself."""
        commands = self.commands
        for word in words:
            command = commands.get(word)
            if isinstance(command, TyperGroup):
                commands = command.commands
            elif command is not None:
                return any(HOME in option.opts for option in command.params)
        return False


def home_first(args: Sequence[str]) -> list[str]:
    """Return the arguments with each `--home` and its folder before all others.

    >>> home_first(["ask", "Why?", "--home", "var", "--", "--home"])
    ['--home', 'var', 'ask', 'Why?', '--', '--home']
    """
    first, rest, given = list[str](), list[str](), iter(args)
    for word in given:
        if word == "--":
            rest += [word, *given]
        elif word == HOME:
            first += [word, *([folder] if (folder := next(given, None)) is not None else [])]
        elif word.startswith(f"{HOME}="):
            first.append(word)
        else:
            rest.append(word)
    return first + rest
