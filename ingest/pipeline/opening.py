"""Sources to sources: what is a container is opened, and each file in it becomes a source."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace

from corpus.errors import ReadError
from ingest.pipeline.isolating import ReadingWorkers
from ingest.sources.source import MEMBER, Outcome, Source
from ingest.sources.unpacking import UnpackingLimits, is_archive, is_container

Arrived = Source | Outcome


def opened(
    sources: Iterable[Arrived],
    workers: ReadingWorkers,
    *,
    max_bytes: int,
    password: str | None,
    limits: UnpackingLimits,
) -> Iterator[Arrived]:
    """Yield each source; after a message its attachments, instead of an archive its files.

    A file inside is called `archive.zip!/folder/report.docx`. It is on disk only until the next
    one is asked for. Containers inside are opened as well, as deep as the limits allow.
    """
    for source in sources:
        if isinstance(source, Outcome) or not is_container(source.name):
            yield source
            continue
        if not is_archive(source.name):
            yield source
        with ExitStack() as until_read:
            yield from _inside(source, until_read, workers, max_bytes, password, limits)


def _inside(
    source: Source,
    until_read: ExitStack,
    workers: ReadingWorkers,
    max_bytes: int,
    password: str | None,
    limits: UnpackingLimits,
) -> Iterator[Arrived]:
    try:
        content = source.read_bytes(max_bytes)
        members = until_read.enter_context(workers.unpacked(content, source.name, limits, password))
    except ReadError as error:
        if is_archive(source.name):  # a message says itself what is wrong with it
            yield Outcome(source.source, "rejected", reason=str(error))
        return
    if not members and is_archive(source.name):
        yield Outcome(source.source, "rejected", reason="No files in this archive.")
    left = limits.less(members)
    for member in members:
        address = f"{source.source}{MEMBER}{member.name}"
        if member.path is None:
            yield Outcome(address, "rejected", reason=member.reason)
            continue
        name = member.name.rsplit("/", 1)[-1]
        inner = replace(source, source=address, name=name, path=member.path, content=None)
        yield from opened([inner], workers, max_bytes=max_bytes, password=password, limits=left)
        member.path.unlink(missing_ok=True)
