"""A compound file (the container of Outlook messages) written from scratch: small streams only.

The layout is that of [MS-CFB]: a header, one sector of FAT, a directory, a mini FAT, and a mini
stream that holds every stream in sectors of 64 bytes.
"""

import struct
from dataclasses import dataclass, field

SECTOR, MINI = 512, 64
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass
class Folder:
    """A storage: its streams by name, and the storages inside it."""

    streams: dict[str, bytes] = field(default_factory=dict)
    folders: dict[str, "Folder"] = field(default_factory=dict)


@dataclass
class _Entry:
    name: str
    kind: int  # 1 storage, 2 stream, 5 root
    content: bytes = b""
    child: int = FREE
    right: int = FREE
    start: int = END


def compound_file(root: Folder) -> bytes:
    """Return the bytes of a compound file."""
    entries = [_Entry("Root Entry", 5)]
    _add(entries, 0, root)
    mini_stream = b""
    mini_fat: list[int] = []
    for entry in entries:
        if entry.kind == 2 and entry.content:
            entry.start = len(mini_fat)
            count = -(-len(entry.content) // MINI)
            mini_fat += [entry.start + n + 1 for n in range(count - 1)] + [END]
            mini_stream += entry.content.ljust(count * MINI, b"\0")
    while len(entries) % 4:
        entries.append(_Entry("", 0))
    parts = {
        "directory": b"".join(_packed(e) for e in entries),
        "mini fat": struct.pack(f"<{len(mini_fat)}I", *mini_fat),
        "mini stream": mini_stream,
    }
    fat, starts = [FAT], {}
    for name, content in parts.items():
        count = -(-len(content) // SECTOR)
        starts[name] = len(fat)
        fat += [len(fat) + n + 1 for n in range(count - 1)] + [END]
    assert len(fat) <= SECTOR // 4, "one sector of FAT"
    entries[0].start, entries[0].content = starts["mini stream"], mini_stream
    parts["directory"] = b"".join(_packed(e) for e in entries)
    body = struct.pack(f"<{SECTOR // 4}I", *fat, *[FREE] * (SECTOR // 4 - len(fat)))
    for name, content in parts.items():
        padding = b"\xff" if name == "mini fat" else b"\0"
        body += content.ljust(-(-len(content) // SECTOR) * SECTOR, padding)
    mini_sectors = -(-len(parts["mini fat"]) // SECTOR)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        starts["directory"],
        0,
        4096,
        starts["mini fat"],
        mini_sectors,
        END,
        0,
        0,
    )
    return header + struct.pack("<108I", *[FREE] * 108) + body


def _add(entries: list[_Entry], parent: int, folder: Folder) -> None:
    """Add what is in a storage; its members are a chain of right-hand siblings."""
    members: list[tuple[str, bytes | Folder]] = [*folder.streams.items(), *folder.folders.items()]
    before: int | None = None
    for name, member in sorted(members, key=lambda item: (len(item[0]), item[0].upper())):
        index = len(entries)
        content = member if isinstance(member, bytes) else b""
        entries.append(_Entry(name, 2 if isinstance(member, bytes) else 1, content))
        if before is None:
            entries[parent].child = index
        else:
            entries[before].right = index
        before = index
        if isinstance(member, Folder):
            _add(entries, index, member)


def _packed(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le")
    size = len(entry.content)
    return struct.pack(
        "<64sHBBIII16xI8x8xII4x",
        name,
        len(name) + 2 if entry.kind else 0,
        entry.kind,
        1,
        FREE,
        entry.right,
        entry.child,
        0,
        entry.start if entry.kind != 1 else 0,
        size,
    )
