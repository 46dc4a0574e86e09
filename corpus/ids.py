"""Identifiers, each a function of content: the same bytes give the same id on every machine."""

import hashlib
import json
from collections.abc import Mapping
from typing import NewType

Sha256 = NewType("Sha256", str)
DocId = NewType("DocId", str)
ChunkId = NewType("ChunkId", str)
Fingerprint = NewType("Fingerprint", str)
SnapshotId = NewType("SnapshotId", str)


def sha256_of(content: bytes | str) -> Sha256:
    """Return the SHA-256 of bytes, or of a text's UTF-8 form, in 64 hexadecimal digits."""
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return Sha256(hashlib.sha256(raw).hexdigest())


def doc_id_of(document_sha256: Sha256, *, apart_in: str | None = None) -> DocId:
    """Return the document's id: `d` and the first 16 hexadecimal digits of its SHA-256.

    With `apart_in` they are digits over that collection and the SHA-256, so that equal bytes in
    two collections are two documents, and the id of one tells nothing of the other.
    """
    if apart_in is not None:
        document_sha256 = sha256_of(json.dumps([apart_in, document_sha256]))
    return DocId(f"d{document_sha256[:16]}")


def chunk_id_of(doc_id: DocId, spans: tuple[tuple[int, int, int], ...], text: str) -> ChunkId:
    """Return the chunk's id: `c` and 20 hexadecimal digits over document, spans and text.

    `spans` are (page, start, end). A chunk keeps its id as long as it stands at the same place
    with the same words, however the rest of the configuration changes.
    """
    return ChunkId(f"c{sha256_of(json.dumps([doc_id, spans, text]))[:20]}")


def fingerprint_of(settings: Mapping[str, object]) -> Fingerprint:
    """Return 16 hexadecimal digits that are equal for equal settings, whatever their order."""
    return Fingerprint(sha256_of(json.dumps(settings, sort_keys=True, default=str))[:16])
