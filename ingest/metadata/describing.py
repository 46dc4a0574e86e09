"""What is known of a document, put together from all who say something, each with its origin."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from corpus.document import Document
from ingest.sources.source import Fields

VERSION = "3"  # a change makes documents outdated: they are described again
FIELDS = ("title", "publisher", "date", "language", "collection")
EDIT = "edit"
LISTED = frozenset({"manifest", "given"})
"""Origins of a title that a program may have put into a list."""
CONFIDENCE = ".confidence"
"""Follows a field's name in a provenance: the probability that the value is right, 0..1."""
UNTITLED = "Untitled excerpt of"
"""What the title begins with of pages out of a report that they do not name."""
PASSED_OVER = "title.passed_over"
"""In a provenance: the title of a manifest that is only how the first page begins."""
# What was given from outside; the rest is found again whenever the file is read.
GIVEN = frozenset({"command", "manifest", "given"})


@dataclass(frozen=True, slots=True)
class Description:
    """Values by name, fields and metadata keys alike, and where each is from."""

    values: Mapping[str, str] = field(default_factory=dict)
    provenance: Mapping[str, str] = field(default_factory=dict)

    def over(self, other: "Description") -> "Description":
        """Return both, this one's values before the other's."""
        return Description({**other.values, **self.values}, {**other.provenance, **self.provenance})

    def has_listed_title(self) -> bool:
        """Tell whether the title is one that a program may have put into a list."""
        return self.provenance.get("title") in LISTED

    def fields(self) -> Fields:
        """Return the values as fields and metadata."""
        metadata = {key: value for key, value in self.values.items() if key not in FIELDS}
        return Fields(
            title=self.values.get("title"),
            publisher=self.values.get("publisher"),
            date=self.values.get("date"),
            language=self.values.get("language"),
            collection=self.values.get("collection"),
            metadata=metadata,
        )


def described(fields: Fields, origin: str) -> Description:
    """Return what fields say, all of it from one origin but where they say otherwise."""
    values = {name: getattr(fields, name) for name in FIELDS}
    known = {name: value for name, value in values.items() if value} | dict(fields.metadata)
    return Description(known, {name: fields.provenance.get(name, origin) for name in known})


def put_together(descriptions: Iterable[Description]) -> Description:
    """Return all descriptions in one; the first that says something of a name is believed."""
    whole = Description()
    for description in descriptions:
        whole = whole.over(description)
    return whole


def with_wanted(said: Description, wanted: Description) -> Description:
    """Return what a file says below what is said of it from outside.

    A title that was passed over is not wanted; the confidence goes with the value it is of. Which
    collection a document belongs to is not for a file to say.
    """
    gone = {"title"} if PASSED_OVER in said.provenance else set()
    values = {name: value for name, value in wanted.values.items() if name not in gone}
    taken = {f"{name}{CONFIDENCE}" for name in values}
    kept = {name: origin for name, origin in said.provenance.items() if name not in taken}
    origins = {name: origin for name, origin in wanted.provenance.items() if name not in gone}
    own = {name: value for name, value in said.values.items() if name != "collection"}
    return Description(values, origins).over(Description(own, kept))


def given_of(document: Document) -> Fields:
    """Return what was said of a stored document from outside: not by its file, nor by hand.

    A document from before this was noted keeps all that is known of it.
    """
    provenance = document.provenance
    known = {name: getattr(document, name) for name in FIELDS} | dict(document.metadata)
    kept = {
        name: value
        for name, value in known.items()
        if value is not None and (not provenance or provenance.get(name) in GIVEN)
    }
    origins = {name: provenance.get(name, "given") for name in kept}
    if listed := provenance.get(PASSED_OVER):
        kept["title"], origins["title"] = listed, "manifest"
    fields = Description(kept, {}).fields()
    return Fields(
        title=fields.title,
        publisher=fields.publisher,
        date=fields.date,
        language=fields.language,
        collection=fields.collection,
        metadata=fields.metadata,
        provenance=origins,
    )
