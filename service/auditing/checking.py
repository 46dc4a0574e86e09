"""Whether an audit log is as it was written: nothing changed, removed, moved or cut off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature

from corpus.errors import StoreError
from corpus.home import Home
from corpus.ids import sha256_of
from service.auditing.audit_log import HEAD, read_head
from service.auditing.entry import EMPTY, NOTHING, Entry, Head
from service.citations.receipt_signing import PublicKey


@dataclass(frozen=True, slots=True)
class Audit:
    """What was checked. `sha256` is of the last entry: note it elsewhere, and compare it later."""

    entries: int
    first: str | None
    last: str | None
    sha256: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as it was noted elsewhere: its number and its SHA-256."""

    number: int
    sha256: str


def check_audit(home: Home, keys: Sequence[PublicKey], seen: Seen | None = None) -> Audit:
    """Return what is in the log, and everything that is wrong with it.

    The head is checked by `keys`. `seen` is an entry that has to be there as it was.
    """
    chain = _Chain(seen)
    for file in files_of(home.audit):
        for number, line in enumerate(_lines(file), start=1):
            chain.add(f"{file.name}, line {number}", line)
    problems = [*chain.problems, *_about_head(home.audit, chain, keys)]
    if seen is not None and not chain.met:
        problems.append(f"entry {seen.number}, noted elsewhere, is not there")
    return Audit(chain.entries, chain.first, chain.last, chain.sha256, tuple(problems))


def entries_of(home: Home) -> Iterator[Entry]:
    """Yield the entries that can be read, oldest first."""
    for file in files_of(home.audit):
        for line in _lines(file):
            try:
                yield Entry.of(line)
            except ValueError:
                continue


def files_of(folder: Path) -> list[Path]:
    """Return the files of a log, oldest first."""
    return sorted(folder.glob("[0-9]*-[0-9]*.jsonl"))


def _lines(file: Path) -> list[bytes]:
    return file.read_bytes().split(b"\n")[:-1]


class _Chain:
    """Follows lines from the first, and notes where one does not follow the one before."""

    def __init__(self, seen: Seen | None) -> None:
        self.problems: list[str] = []
        self.entries = 0
        self.first: str | None = None
        self.last: str | None = None
        self.number = 0
        self.sha256: str = NOTHING
        self.met = False
        self.hashes: dict[int, str] = {}
        self._seen = seen

    def add(self, place: str, line: bytes) -> None:
        """Take the next line."""
        try:
            entry = Entry.of(line)
        except ValueError as error:
            self.problems.append(f"{place} is no entry: {error}")
            self.sha256 = sha256_of(line)
            return
        if entry.number != self.number + 1:
            self.problems.append(f"{place} is entry {entry.number}, after {self.number}")
        elif entry.previous != self.sha256:
            self.problems.append(f"{place}: the entry before it, {self.number}, was changed")
        self.number, self.sha256 = entry.number, sha256_of(line)
        self.hashes[entry.number] = self.sha256
        self.entries += 1
        self.first = self.first or entry.time
        self.last = entry.time
        if self._seen is not None and self._seen.number == entry.number:
            self.met = True
            if self._seen.sha256 != self.sha256:
                self.problems.append(f"{place} is not as it was noted elsewhere")


def _about_head(folder: Path, chain: _Chain, keys: Sequence[PublicKey]) -> list[str]:
    try:
        head = read_head(folder)
    except StoreError as error:
        return [str(error)]
    if head is None:
        return [] if chain.number == 0 else [f"{HEAD} is gone; it says where the log ends"]
    problems = _about_signature(head, keys)
    if head.number > chain.number:
        problems.append(f"entries {chain.number + 1} to {head.number} are gone from the end")
    elif chain.hashes.get(head.number, EMPTY.sha256) != head.sha256:
        problems.append(f"entry {head.number} was changed: {HEAD} has another SHA-256")
    elif chain.number > head.number + 1:  # one is what a process that was killed leaves
        problems.append(f"entries {head.number + 2} to {chain.number} are not in {HEAD}")
    return problems


def _about_signature(head: Head, keys: Sequence[PublicKey]) -> list[str]:
    key = next((each for each in keys if each.key_id == head.key_id), None)
    if key is None:
        return [f"{HEAD} is signed by a key that is not known here: {head.key_id}"]
    try:
        key.key.verify(bytes.fromhex(head.signature), head.signed_bytes())
    except (InvalidSignature, ValueError):
        return [f"{HEAD} was changed: its signature does not hold"]
    return []
