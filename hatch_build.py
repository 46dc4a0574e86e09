"""Hatch's build hook: the wheel installs one package, `citewell`, that holds the rooms.

The repository keeps its rooms at the top; among everybody's modules they would claim `index`,
`service` and `eval`. So the wheel holds `citewell/index/…`, and each import of a room is rewritten
as `citewell.index…`. `citewell.py` becomes `citewell/__init__.py`. Editable installations and
source distributions hold the repository as it is.
"""

from __future__ import annotations

import ast
import io
import re
import shutil
import tempfile
import tokenize
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "citewell"
_MAIN = f'"""`python -m {PACKAGE}` is the command."""\n\nfrom {PACKAGE} import main\n\nmain()\n'


class OnePackageHook(BuildHookInterface):  # type: ignore[type-arg]  # of whatever builder
    """Puts the rewritten files in the wheel in place of those of the repository."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the files of the wheel that differ from the repository's, and name them."""
        if version == "editable":
            return
        root = Path(self.root)
        self._folder = Path(tempfile.mkdtemp(prefix="citewell-wheel-"))
        rooms = [Path(room).name for room in self.build_config.only_include]
        for name, text in package_files(root, rooms).items():
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            build_data["force_include"][str(path)] = name

    def finalize(self, version: str, *_: object) -> None:
        """Remove the written files: the wheel holds them."""
        if version != "editable":
            shutil.rmtree(self._folder)


def package_files(root: Path, rooms: Collection[str]) -> dict[str, str]:
    """Return the text of each Python file of the package, by its path inside the package."""
    paths = sorted(path for room in rooms for path in (root / room).rglob("*.py"))
    modules = frozenset(_module(path.relative_to(root)) for path in paths)
    sources: Mapping[str, Path] = {
        "__init__.py": root / f"{PACKAGE}.py",
        **{path.relative_to(root).as_posix(): path for path in paths},
    }
    files = {"__main__.py": _MAIN, "py.typed": ""}
    for name, path in sources.items():
        try:
            files[name] = rewritten(path.read_text(encoding="utf-8"), modules)
        except ValueError as error:
            raise ValueError(f"{path.relative_to(root)}, {error}") from error
    return files


def rewritten(source: str, modules: Collection[str]) -> str:
    """Return Python source that imports the rooms from the package. Raises: ValueError.

    `modules` are the dotted names of every module and package of the rooms. Rewritten are imports,
    strings that are the name of a module, and names of modules after `-m ` in strings.

    >>> rewritten("from index.ports import Embedder", {"index", "index.ports"})
    'from citewell.index.ports import Embedder'
    """
    rooms = frozenset(name.partition(".")[0] for name in modules)
    starts = _starts_of_lines(source)
    edits = [
        *_edits_of_imports(source, starts, rooms, modules),
        *_edits_of_strings(source, starts, modules),
    ]
    for offset, inserted in sorted(edits, reverse=True):
        source = source[:offset] + inserted + source[offset:]
    return source


def _edits_of_imports(
    source: str, starts: list[int], rooms: frozenset[str], modules: Collection[str]
) -> Iterator[tuple[int, str]]:
    lines = list(io.StringIO(source))

    def offset_of(node: ast.stmt | ast.alias) -> int:
        before = lines[node.lineno - 1].encode()[: node.col_offset]
        return starts[node.lineno - 1] + len(before.decode())

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and not node.level:
            if node.module and node.module.partition(".")[0] in rooms:
                written = re.compile(r"from[\s\\]+").match(source, offset_of(node))
                assert written
                yield written.end(), f"{PACKAGE}."
        elif isinstance(node, ast.Import):
            for alias in node.names:
                room, dot, _ = alias.name.partition(".")
                if room not in rooms:
                    continue
                if dot and alias.asname is None:
                    raise ValueError(
                        f"line {node.lineno}: found `import {alias.name}`, which binds {room!r}; "
                        f"write `from {alias.name.rpartition('.')[0]} import …`"
                    )
                yield offset_of(alias), f"{PACKAGE}."
                if alias.asname is None:
                    yield offset_of(alias) + len(room), f" as {room}"
        elif isinstance(node, ast.JoinedStr):
            _refuse_modules_in(node, modules)


def _refuse_modules_in(formatted: ast.JoinedStr, modules: Collection[str]) -> None:
    for part in formatted.values:
        text = part.value if isinstance(part, ast.Constant) else ""
        for name in re.findall(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", str(text)):
            if name in modules:
                raise ValueError(
                    f"line {formatted.lineno}: found the module {name} in an f-string; write "
                    "its name as a plain string, or use __package__"
                )


def _edits_of_strings(
    source: str, starts: list[int], modules: Collection[str]
) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.STRING:
            continue
        offset = starts[token.start[0] - 1] + token.start[1]
        whole = re.fullmatch(r"""[rRuU]?(["'])([\w.]+)\1""", token.string)
        if whole and "." in whole[2] and whole[2] in modules:
            yield offset + whole.start(2), f"{PACKAGE}."
        for run in re.finditer(r"(?<=-m )[\w.]*\w", token.string):
            if run[0] in modules:
                yield offset + run.start(), f"{PACKAGE}."


def _starts_of_lines(source: str) -> list[int]:
    starts = [0]
    for line in io.StringIO(source):
        starts.append(starts[-1] + len(line))
    return starts


def _module(path: Path) -> str:
    """Return the dotted name of a module or package. `path` is relative to the root."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
