"""What `verify` gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from service.values.answer import Span

Verdict = Literal["ok", "moved", "altered", "gone"]
Cause = Literal["checksum", "edition", "reading", "deleted"]
SignatureVerdict = Literal["valid", "invalid", "unknown_key", "absent"]


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of checking one citation.

    `ok`: the quote is where it was cited. `moved`: the same words are elsewhere, in this document
    or in a newer edition of its source (`found_spans` says where). `altered`: the document or its
    newer edition is there, but not the words, or the checksum does not match the quote. `gone`:
    neither the document nor a newer edition is in the store.

    `cause` is `checksum` (quote or document does not match its checksum), `edition` (the document
    is gone, a newer edition is there), `reading` (the same file, read again with other text or
    places) or `deleted`. `similar` is the closest text if the words are missing, `similarity` how
    close it is, 0..1; `found_spans` is then its place. `newer_doc_id` is the current edition if the
    cited one is older, `newer_has_quote` whether it contains the words.
    """

    number: int
    verdict: Verdict
    detail: str
    found_spans: tuple[Span, ...] = ()
    found_doc_id: str | None = None
    cause: Cause | None = None
    similar: str | None = None
    similarity: float | None = None
    newer_doc_id: str | None = None
    newer_has_quote: bool | None = None


@dataclass(frozen=True, slots=True)
class CitedReference(Verification):
    """The result of checking one citation, and the reference to its document and page.

    `reference` has the `style` and what it looks like: `cited` in a note and `listed` in a
    bibliography, or the `record` of a reference manager.
    """

    reference: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """A verdict for each citation; `ok` if all are `ok` and the signature is not `invalid`.

    `signature` is `valid` (by a known key), `invalid` (signed content was changed), `unknown_key`
    or `absent`.
    """

    answer_id: str | None
    ok: bool
    citations: tuple[Verification, ...]
    signature: SignatureVerdict = "absent"
