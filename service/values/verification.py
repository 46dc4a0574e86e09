"""What `verify` gives back."""

from dataclasses import dataclass
from typing import Literal

from service.values.answer import Span

Verdict = Literal["ok", "moved", "altered", "gone"]
Cause = Literal["checksum", "edition", "reading", "deleted"]
SignatureVerdict = Literal["valid", "invalid", "unknown_key", "absent"]


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of one citation.

    `ok`: the quote stands where it was cited. `moved`: the same words stand elsewhere, in this
    document or in a newer edition of its source (`found_spans` tells where). `altered`: the
    document or its newer edition is there, the words are not, or the checksum does not fit the
    quote. `gone`: the document is not in the store, nor a newer edition.

    `cause` says what brought it about: `checksum` (quote or document does not fit its own
    checksum), `edition` (the document is gone, a newer edition is there), `reading` (the same file,
    read anew with other text or places), `deleted`. `similar` is the nearest text where the words
    are not there, `similarity` how near it is, 0..1; `found_spans` is then its place.
    `newer_doc_id` is the edition that answers now, where the cited one no longer does,
    `newer_has_quote` whether it has the words.
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
class VerificationReport:
    """One verdict a citation; `ok` when each is `ok` and the signature is not `invalid`.

    `signature`: `valid` by a known key, `invalid` if what it signs was changed, `unknown_key` if
    another key made it, `absent` if there is none.
    """

    answer_id: str | None
    ok: bool
    citations: tuple[Verification, ...]
    signature: SignatureVerdict = "absent"
