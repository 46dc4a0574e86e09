"""Bundles that were changed by hand, with every checksum made to fit."""

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from corpus.ids import sha256_of

Members = dict[str, bytes]


def members_of(bundle: Path) -> Members:
    """Return the members of a bundle by name."""
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_bundle(bundle: Path, members: Mapping[str, bytes], *, fit: bool = True) -> Path:
    """Write members as a bundle; with `fit` the checksums are made to fit, as a forger does."""
    written = dict(members)
    if fit:
        contents = json.loads(written["bundle.json"])
        contents["sha256"] = {
            name: sha256_of(content)
            for name, content in written.items()
            if name not in {"bundle.json", "signature.json"}
        }
        written["bundle.json"] = json.dumps(contents).encode()
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in written.items():
            archive.writestr(name, content)
    return bundle


def documents_of(members: Members) -> list[str]:
    """Return the names of the members of documents, without their endings."""
    return sorted(
        name.removesuffix(".json")
        for name in members
        if name.startswith("documents/") and name.endswith(".json")
    )


def edit(members: Members, name: str, change: Callable[[Any], Any]) -> None:
    """Change a member that is JSON: what `change` returns takes its place, if it returns any."""
    held = json.loads(members[name])
    changed = change(held)
    members[name] = json.dumps(held if changed is None else changed).encode()


def forge(members: Members, true: str, false: str) -> None:
    """Let every page and chunk that says one thing say another, as long, in its place."""
    assert len(true) == len(false)
    for name in documents_of(members):
        members[f"{name}.json"] = members[f"{name}.json"].replace(true.encode(), false.encode())
