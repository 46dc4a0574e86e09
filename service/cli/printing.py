"""How values look in a terminal. Results go to stdout, progress and errors to stderr."""

import json
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import InputError
from service.rendering.explanations import (
    abstention_reason,
    as_of_note,
    conflict_note,
    generation_note,
    preface,
    unanswered_note,
)
from service.rendering.languages import spoken
from service.values.answer import (
    Answer,
    Citation,
    CitedQuality,
    Conflict,
    Passage,
    Reranked,
    Scores,
    Search,
    Span,
)
from service.values.verification import VerificationReport

if TYPE_CHECKING:
    from index.retrieval.explaining import Explanation
    from service.collection.importing import Imported
    from service.collection.ingest_report import IngestReport
    from service.receipts.replaying import Replay

WIDTH = 96


def print_json(value: object) -> None:
    """Print one JSON object on stdout. Dataclasses become objects."""
    sys.stdout.write(json_text(value) + "\n")


def json_text(value: object) -> str:
    """Return a value as JSON. Dataclasses become objects."""
    plain = asdict(value) if hasattr(value, "__dataclass_fields__") else value  # type: ignore[call-overload]
    return json.dumps(plain, ensure_ascii=False, indent=2)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines on stdout."""
    for line in lines:
        sys.stdout.write(line + "\n")


def print_bytes(content: bytes, output: Path | None) -> None:
    """Write to a file, or on stdout where none is named. Raises: InputError."""
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise InputError(f"Cannot write {output}: {error.strerror}; name another file.") from error
    note(f"wrote {output}")


def note(text: str) -> None:
    """Print one line on stderr."""
    sys.stderr.write(text + "\n")


def answer_lines(answer: Answer) -> list[str]:
    """Return an answer for reading: statements, then where each one stands."""
    if answer.status == "abstained":
        lines = [*_as_of_lines(answer)]
        nearest = " Nearest passages:" if answer.passages else ""
        lines += _wrapped(f"{abstention_reason(answer)}{nearest}")
        lines += [line for p in answer.passages[:3] for line in ("", *_place_lines(p))]
        return lines + _budget_lines(answer.reranked)
    lines = _as_of_lines(answer)
    if before := preface(answer):
        lines += [*_wrapped(before), ""]
    lines += [*_wrapped(answer.answer), *_confidence_lines(answer)]
    if unanswered := unanswered_note(answer):
        lines += _wrapped(unanswered)
    if answer.generation is not None:
        lines += _wrapped(f"({generation_note(answer.generation)})")
    for conflict in answer.conflicts:
        lines += ["", *_conflict_lines(conflict)]
    for citation in answer.citations:
        lines += ["", *_citation_lines(citation)]
    return lines + _budget_lines(answer.reranked)


def _as_of_lines(answer: Answer) -> list[str]:
    when = as_of_note(answer)
    return [f"{when}:"] if when else []


def _confidence_lines(answer: Answer) -> list[str]:
    """Return how likely the quotes answer; of an unsure answer its preface says so."""
    if answer.confidence is None or answer.status != "answered":
        return []
    return [f"({answer.confidence:.0%} likely)"]


def _conflict_lines(conflict: Conflict) -> list[str]:
    lines = [f"{conflict_note(conflict)}, the newest first:"]
    for side in conflict.sides:
        cited, date = side.citation, f", {side.date}" if side.date else ""
        lines.append(
            f"    {side.value}: {printable(cited.title)}{date}, {place(cited.spans)} "
            f"“{' '.join(cited.quote.split())}”"
        )
    return lines


def search_lines(search: Search) -> list[str]:
    """Return passages for reading, best first."""
    if not search.passages:
        return ["No passage found."]
    lines = [line for p in search.passages for line in (*_passage_lines(p), "")][:-1]
    return lines + _budget_lines(search.reranked)


def _budget_lines(reranked: Reranked | None) -> list[str]:
    """Return how many candidates were read, where the time was too short for all of them."""
    if reranked is None or reranked.scored == reranked.candidates:
        return []
    return ["", f"{reranked.scored} of {reranked.candidates} candidates read in the time given."]


OUTCOMES: Mapping[str, str] = {
    "ranked": "is passage {rank} of the first {depth}",
    "below_depth": "was found, but is passage {rank}, after the first {depth}",
    "not_candidate": "is not a candidate of either search, so it was not ranked",
    "filtered": "is in a document that the filters exclude",
    "not_in_snapshot": "is not in the current snapshot",
}


def explanation_lines(found: "Explanation") -> list[str]:
    """Return why a passage ranks where it does, for reading."""
    outcome = OUTCOMES[found.outcome].format(rank=found.rank, depth=found.depth)
    lines = [f"{found.passage_id} {outcome}"]
    if found.score is not None:
        lines.append(f"score    {found.score:.3f}, from {_score_parts(found.scores)}")
    if found.outcome != "ranked" and found.last_score is not None:
        lines.append(f"needed   {found.last_score:.3f}, the score of the last of them")
    lines.append(f"matched  {' '.join(found.matched) or 'no word'}")
    return [*lines, f"unmatched   {' '.join(found.unmatched) or 'no word'}"]


def imported_lines(found: "Imported") -> list[str]:
    """Return what was imported of a bundle, and what was not and why."""
    lines = [
        f"{each}: the bundle says what its file does not; the file's text was taken"
        for each in found.differing
    ]
    lines += [f"{each}: was deleted here, and stays deleted" for each in found.deleted]
    lines += [f"{each.doc_id}: {printable(each.reason)}" for each in found.rejected]
    if found.signature != "valid":
        lines.append("No known key signed the bundle, so its files were read again.")
    total = f"{found.documents} documents, {found.chunks} chunks, {found.vectors} vectors"
    return [*lines, f"{total}; snapshot {found.snapshot} answers now"]


def report_lines(report: "IngestReport") -> list[str]:
    """Return what became of each source that is new, changed or rejected, and the totals."""
    counts = dict.fromkeys(("added", "replaced", "unchanged", "rejected"), 0)
    lines: list[str] = []
    for document in report.documents:
        counts[document.status] += 1
        reason = f": {document.reason}" if document.reason else ""
        if document.status != "unchanged" or reason:
            size = f" ({document.pages} pages, {document.chunks} chunks)" if document.pages else ""
            lines.append(f"{document.status:9} {printable(document.source)}{size}{reason}")
    totals = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    lines.append(f"{totals or 'nothing to ingest'}; {report.embedded} texts embedded")
    if report.snapshot:
        lines.append(f"snapshot {report.snapshot}")
    return [*lines, *report.notes]


SIGNATURES: Mapping[str, str] = {
    "valid": "signed by this collection's key, and as it was signed",
    "invalid": "NOT as it was signed: question, text, quotes or receipt were changed",
    "unknown_key": "signed by a key that is not known here",
    "absent": "not signed",
}


def verification_lines(report: VerificationReport) -> list[str]:
    """Return one line a citation, then what is to be said of the signature."""
    lines = [f"[{c.number}] {c.verdict}: {c.detail}" for c in report.citations]
    return [*(lines or ["The answer has no citations."]), f"It is {SIGNATURES[report.signature]}."]


def replay_lines(replay: "Replay") -> list[str]:
    """Return whether the answer came out equal, or each difference, and the notes."""
    if replay.equal:
        return [f"equal, from snapshot {replay.snapshot}", *replay.notes]
    lines = [f"different, from snapshot {replay.snapshot}"]
    for each in replay.differences:
        lines += [each.path, f"  was {each.recorded}", f"  now {each.replayed}"]
    return [*lines, *replay.notes]


def printable(text: str) -> str:
    """Return the text on one line, control characters written as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def place(spans: Sequence[Span]) -> str:
    """Return where spans stand: the page in the file, and its printed label where it differs."""
    pages = dict.fromkeys((span.page, span.label) for span in spans)
    named = [
        f"page {page}" if label == str(page) else f"page {page} (printed {label})"
        for page, label in pages
    ]
    return " and ".join(named)


def _citation_lines(citation: Citation) -> list[str]:
    section = f" › {' › '.join(citation.section)}" if citation.section else ""
    language = spoken(citation)
    said = f", in {language}" if language else ""
    return [
        f"[{citation.number}] {printable(citation.title)}, {place(citation.spans)}{said}{section}",
        *_wrapped(f"“{' '.join(citation.quote.split())}”", indent="    "),
        *_doubt(citation.quality),
        f"    {citation.url}",
    ]


def _doubt(quality: CitedQuality | None) -> list[str]:
    """Return a warning where the page of a quote was read badly."""
    if quality is None or quality.grade not in {"C", "D"}:
        return []
    return [f"    (this page could not be read well, grade {quality.grade}: check the quote on it)"]


def _score_parts(scores: Scores) -> str:
    parts = (
        ("dense", scores.dense),
        ("lexical", scores.lexical),
        ("fused", scores.fused),
        ("rerank", scores.rerank),
    )
    shown = [f"{name} {value:.3f}" for name, value in parts if value is not None]
    return "  ".join([*shown, *([f"({' '.join(scores.terms)})"] if scores.terms else [])])


def _passage_lines(passage: Passage) -> list[str]:
    where, *text = _place_lines(passage)
    return [where, f"   {_score_parts(passage.scores)}", *text]


def _place_lines(passage: Passage) -> list[str]:
    return [
        f"{passage.rank}. {printable(passage.title)}, {place(passage.spans)}",
        *_wrapped(" ".join(passage.text.split()), indent="   "),
    ]


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [indent]
