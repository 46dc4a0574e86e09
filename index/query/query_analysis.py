"""A question analysed: which of its words name where to look, and what is asked.

"According to the 2019 survey of IOM, how many States answered?" names a report and asks something
of it. Left in the query, the name hides the question: title pages and summaries, which hold its
words, come first. So the name is searched for by itself, to find the documents that it means, and
passages are ranked by the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.documents.document_names import DocumentNames
from index.documents.naming import NamedDocuments
from index.indexes.analysing import ENGLISH, language_of
from index.query.question_words import CONTENT, LEADS, QUESTIONING, Word
from index.query.source_tagger import LONGEST_QUESTION_WORDS, SourceTagger
from index.snapshots.snapshot import Snapshot
from index.values.ports import RowMask

_MARKS = " ,;:.?!—–-"
_BEFORE_NAME = frozenset((*LEADS, *QUESTIONING, "tells"))
_PRONOUN = "it"


@dataclass(frozen=True, slots=True)
class QueryAnalysis:
    """What a question asks, and where it says to look.

    `source` is the words that name where to look, "" for none; `asked` the question without them,
    or all of it where the rest asks nothing ("Summarise the 2019 survey"). `documents` is how well
    each document answers to the source; None where no source is named.

    >>> QueryAnalysis.of("In the 2019 survey, how many States answered?", snapshot).asked
    'how many States answered?'
    """

    question: str
    asked: str
    source: str = ""
    documents: NamedDocuments | None = None

    @classmethod
    def of(
        cls, question: str, snapshot: Snapshot, allowed: RowMask | None = None
    ) -> "QueryAnalysis":
        """Return the analysis of a question.

        `allowed` is (n,): documents without an allowed row are as if they were not there.
        """
        found = split_source(question, snapshot.names, snapshot.documents_with(allowed))
        if found is None:
            return cls(question, question)
        source, asked = found
        documents = snapshot.documents_named(source, allowed)
        if documents is None:
            return cls(question, question)
        if not documents.meant.any():
            # "Its annual report": the question as a whole may tell whose.
            whole = snapshot.documents_named(question, allowed)
            documents = whole if whole is not None and whole.meant.any() else documents
        return cls(question, asked, source, documents)


def split_source(
    question: str, names: DocumentNames, permitted: RowMask | None = None
) -> tuple[str, str] | None:
    """Return the words that name a source, and what is asked; None where none is named.

    `permitted` is (documents,): the others are as if they were not there; None for all.
    """
    tagger = SourceTagger.shipped()
    text = " ".join(question.split())
    words = tagger.words(text)
    if not 1 < len(words) <= LONGEST_QUESTION_WORDS:
        return None
    span = tagger.span(words, names.word_weights([each.text for each in words], permitted))
    if span is None:
        return None
    first, last = span
    english = language_of(text, names.spoken) == ENGLISH
    return _name(text, words[first : last + 1]), _asked(text, words, first, last, english)


def _name(question: str, span: Sequence[Word]) -> str:
    """Return the words of a span without those that lead to the name ("according to")."""
    skipped = 0
    while skipped < len(span) - 1 and span[skipped].word_class in _BEFORE_NAME:
        skipped += 1
    name = question[span[skipped].start : span[-1].end].strip(_MARKS + "¿")
    if name.count("(") != name.count(")") or (name[:1], name[-1:]) == ("(", ")"):
        return name.strip("()" + _MARKS)
    return name


def _asked(question: str, words: Sequence[Word], first: int, last: int, english: bool) -> str:
    """Return the question without a span; with "it" where the span was part of the sentence."""
    rest = [*words[:first], *words[last + 1 :]]
    if not any(each.word_class in CONTENT for each in rest):
        return question
    before = question[: words[first].start].rstrip(_MARKS)
    after = question[words[last].end :].lstrip(_MARKS if not before else " ")
    marks = "".join(mark for mark in words[last].after if mark in ",;:.?!")
    if not words[last].text:
        marks = f" {marks}"  # "…, selon le rapport ?"
    opened = first > 0 and (words[first - 1].after or words[first].before)
    closed = marks.strip("?.!") or (not before and marks)
    if not (opened or closed or words[first].word_class in LEADS) and english:
        before = f"{before} {_PRONOUN}".strip()
    return f"{before}{marks} {after}".strip() if before else after
