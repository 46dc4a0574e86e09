"""What `find` found, for reading in a terminal."""

from collections import defaultdict

from service.cli.printing import place, printable
from service.values.find import Find

_WIDEST_TITLE = 60


def find_lines(found: Find) -> list[str]:
    """Return what was found, for reading: the documents that mention a term and where."""
    pages: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for mention in found.mentions:
        at = pages[mention.citation.doc_id, mention.term]
        where = place(mention.citation.spans[:1]).removeprefix("page ")
        at[where] = at.get(where, 0) + 1
    lines: list[str] = []
    for document in found.documents:
        if any(document.counts.values()):
            lines.append(f"{document.doc_id}  {printable(document.title)[:_WIDEST_TITLE]}")
            for term in found.terms:
                if document.counts[term]:
                    where = ", ".join(pages[document.doc_id, term])
                    lines.append(f"    {document.counts[term]:5} × {term}: page {where}")
    return [*lines, *_further_lines(found), *_summary_lines(found)]


def _summary_lines(found: Find) -> list[str]:
    coverage = found.coverage
    lines = []
    for term in found.terms:
        counts = [document.counts[term] for document in found.documents]
        naming = sum(count > 0 for count in counts)
        lines.append(
            f"{term}: {sum(counts)} mentions in {naming} documents; "
            f"{len(counts) - naming} documents do not mention it"
        )
    share = coverage.pages_searched / coverage.pages if coverage.pages else 1.0
    lines.append(
        f"searched {coverage.pages_searched} of {coverage.pages} pages ({share:.1%}) "
        f"of {coverage.documents} documents"
    )
    also = defaultdict(list)
    for each in found.also_searched:
        also[each.term].append(each.form)
    lines += [f"{term} was also searched for as {'; '.join(forms)}" for term, forms in also.items()]
    lines += [
        f"{each.term} means several things here ({'; '.join(each.meanings)}): "
        "only the name itself was searched for"
        for each in found.ambiguous
    ]
    unreadable: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for page in coverage.unreadable:
        unreadable[page.doc_id, page.reason].append(str(page.page))
    return lines + [
        f"not searched: {doc_id} page {', '.join(pages)} ({reason})"
        for (doc_id, reason), pages in unreadable.items()
    ]


def _further_lines(found: Find) -> list[str]:
    return [
        line
        for term, passages in (found.related or {}).items()
        for passage in passages
        for line in (
            f"without naming {term}: {printable(passage.title)[:_WIDEST_TITLE]}, "
            f"{place(passage.spans)}",
            f"    {' '.join(passage.text.split())[:160]}",
        )
    ]
