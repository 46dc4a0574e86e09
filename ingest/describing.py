"""What is known of a document, put together from all who say something, each with its origin."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from corpus.document import Document
from ingest.source import Fields

FIELDS = ("title", "publisher", "date", "language", "collection")
EDIT = "edit"
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
    fields = Description(kept, {}).fields()
    return Fields(
        title=fields.title,
        publisher=fields.publisher,
        date=fields.date,
        language=fields.language,
        collection=fields.collection,
        metadata=fields.metadata,
        provenance={name: provenance.get(name, "given") for name in kept},
    )
