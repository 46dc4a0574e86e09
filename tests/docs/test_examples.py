"""The examples in the docs: Python compiles, data parses, commands and options exist."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator

import pytest
import typer
import yaml

from eval.cli.application import build_eval_app
from service.cli.commands import build_app
from tests.docs.pages import Block, blocks

SHELL = ("", "sh", "shell", "console")


def named(found: list[Block]) -> list[object]:
    return [pytest.param(block, id=block.place) for block in found]


@pytest.mark.parametrize("block", named(blocks("python")))
def test_python_compiles(block: Block) -> None:
    compile(block.text, block.place, "exec")


@pytest.mark.parametrize("block", named(blocks("json", "toml", "yaml")))
def test_data_is_well_formed(block: Block) -> None:
    readers = {"json": json.loads, "toml": tomllib.loads, "yaml": yaml.safe_load}
    assert readers[block.language](block.text)


def command_lines() -> Iterator[tuple[str, list[str]]]:
    """Yield where each `citewell …` line stands and its words, up to a pipe or a redirection."""
    for block in blocks(*SHELL):
        for line in re.sub(r"\\\n\s*", " ", block.text).splitlines():
            found = re.match(r"\s*(?:\w+=\S+ )*(?:time )?(?:\S*/)?citewell (.*)", line)
            if found is None or found[1].startswith("["):
                continue
            lexer = shlex.shlex(found[1], posix=True, punctuation_chars="|>;&")
            lexer.whitespace_split = True
            words = list(lexer)
            ends = [i for i, word in enumerate(words) if set(word) <= set("|>;&")]
            yield f"{block.place}: {line.strip()}", words[: min(ends, default=len(words))]


@pytest.mark.parametrize(("place", "words"), [pytest.param(*x, id=x[0]) for x in command_lines()])
def test_commands_and_their_options_exist(place: str, words: list[str]) -> None:
    app = build_app()
    app.add_typer(build_eval_app(), name="eval")
    command = typer.main.get_command(app)
    options = {"-h", "--help", *_options(command)}
    for word in words:
        if re.match(r"--?[a-zA-Z]", word):
            assert word.split("=")[0] in options, place
        elif (below := getattr(command, "commands", {}).get(word)) is not None:
            command = below
            options.update(_options(command))
    complete = not hasattr(command, "commands") or {"--version", "--help"} & set(words)
    assert complete, f"{place}: no such command"


def _options(command: object) -> Iterator[str]:
    for parameter in getattr(command, "params", ()):
        yield from (*parameter.opts, *parameter.secondary_opts)
