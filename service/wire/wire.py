"""What goes over HTTP beside the values of `service.values.answer`: request bodies and lists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar, cast

from fastapi import UploadFile
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    create_model,
)

from corpus.document import Document, Page, PageQuality
from corpus.errors import InputError
from corpus.source_name import source_name
from service.collection.belonging import Belonging
from service.finding.finding import MOST_TERMS, FindRequest
from service.values.options import NamedOption, options_of
from service.values.request import Request, filter_texts

QUESTION = "Which ISCMs does the Almaty Process plan to cooperate with?"


def encodable(text: str) -> str:
    """Return the text. Raises: ValueError for a lone surrogate, which JSON may hold, no text does.

    >>> encodable("Almaty")
    'Almaty'
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"a lone surrogate at character {error.start} is no text") from error
    return text


Text = Annotated[str, AfterValidator(encodable)]
FilterValue = Text | list[Text]
FilterList = Annotated[list[Text], Field(max_length=100)]

_TEXTS: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])


class OptionsBody(BaseModel):
    """A body with options of a question: `with_options` says which."""

    def request(self) -> Request:
        """Return the options as the engine takes them."""
        given = {name: getattr(self, name) for name in _OPTIONS if hasattr(self, name)}
        return Request(**given | {"filters": filter_texts(given.get("filters", ()))})


B = TypeVar("B", bound=type[OptionsBody])
_OPTIONS = {option.name: option for option in options_of(Request)}
_KINDS = {str | None: Text | None, tuple[str, ...]: FilterList | dict[Text, FilterValue]}


def with_options(*names: str) -> Callable[[B], B]:
    """Return what adds these options of `Request` to the fields of a body."""

    def body_of(cls: B) -> B:
        fields = {name: _field(_OPTIONS[name]) for name in names}
        named = {"__base__": cls, "__doc__": cls.__doc__, "__module__": cls.__module__}
        return cast("B", create_model(cls.__name__, **named, **fields))  # type: ignore[call-overload]

    return body_of


def _field(option: NamedOption) -> tuple[Any, Any]:
    """Return the type and the default of a body's field."""
    shown = option.shown
    field = Field(
        ge=shown.least,
        gt=shown.above,
        le=shown.most,
        description=shown.description,
        examples=None if shown.example is None else [shown.example],
    )
    default = list(option.default) if isinstance(option.default, tuple) else option.default
    return Annotated[_KINDS.get(option.kind, option.kind), field], default


SEARCHING = tuple(option.name for option in options_of(Request, answering=False))


class _StrictBody(OptionsBody):
    model_config = ConfigDict(extra="forbid")


@with_options(*_OPTIONS)
class AskBody(_StrictBody):
    """A question and its options."""

    question: Annotated[Text, Field(description="In plain words.", examples=[QUESTION])]
    stream: Annotated[
        bool, Field(description="Answer as server-sent events, as `Accept: text/event-stream`.")
    ] = False


@with_options(*SEARCHING)
class SearchBody(_StrictBody):
    """A query and its options."""

    query: Annotated[Text, Field(description="Words or a question.", examples=[QUESTION])]


@with_options(*SEARCHING)
class ExplainBody(_StrictBody):
    """A question, one passage, and the options of the question."""

    question: Annotated[Text, Field(description="In plain words.", examples=[QUESTION])]
    passage_id: Annotated[Text, Field(description="As a search gives it.")]


class CiteBody(BaseModel):
    """A citation of a saved answer, and how its reference is written."""

    model_config = ConfigDict(extra="forbid")

    answer: Annotated[dict[str, object], Field(description="A saved Answer.")]
    number: Annotated[int, Field(ge=1, description="The number of the citation.")] = 1
    style: Annotated[
        Text, Field(description="`chicago`, `apa` or `un`; `csl-json`, `ris` or `bibtex`.")
    ] = "chicago"


class FindBody(BaseModel):
    """Terms, and where to find them."""

    model_config = ConfigDict(extra="forbid")

    terms: Annotated[
        list[Text],
        Field(
            min_length=1,
            max_length=MOST_TERMS,
            description="Words or names.",
            examples=[["Budapest Process"]],
        ),
    ]
    filters: Annotated[
        FilterList | dict[Text, FilterValue], Field(description="As in a question.")
    ] = []
    exact: Annotated[
        bool, Field(description="Match only the words as written: no inflections, no other names.")
    ] = False
    semantic: Annotated[
        bool, Field(description="Add passages on the subject that do not name it.")
    ] = False

    def request(self) -> FindRequest:
        """Return the request as the engine takes it."""
        return FindRequest(tuple(self.terms), filter_texts(self.filters), exact=self.exact)


class UploadForm(BaseModel):
    """A file and its metadata."""

    model_config = ConfigDict(extra="forbid")

    file: UploadFile
    collection: Annotated[str, Field(min_length=1, max_length=200)] = "default"
    title: str | None = None
    publisher: str | None = None
    date: Annotated[
        str | None, Field(description="`2019`, `2019-05` or `2019-05-31`.", examples=["2019"])
    ] = None
    metadata: Annotated[
        str | None,
        Field(description="A JSON object of texts.", examples=['{"region": "Central Asia"}']),
    ] = None
    password: Annotated[
        str | None, Field(description="Of an encrypted file; kept until it is ingested.")
    ] = None

    def metadata_values(self) -> dict[str, str]:
        """Return `metadata` with title, publisher and date where they are given.

        Raises: InputError if `metadata` is no JSON object of texts.
        """
        try:
            values = _TEXTS.validate_json(self.metadata or "{}", strict=True)
        except ValidationError as error:
            raise InputError(
                'metadata: expected a JSON object of texts, such as {"region": "Central Asia"}; '
                f"found: {error.errors()[0]['msg']}."
            ) from error
        said = {"title": self.title, "publisher": self.publisher, "date": self.date}
        return values | {name: value for name, value in said.items() if value}


class EditBody(BaseModel):
    """A document's metadata, edited by hand: null resets a value, absent ones are unchanged."""

    model_config = ConfigDict(extra="forbid")

    title: Text | None = None
    publisher: Text | None = None
    date: Annotated[
        Text | None, Field(description="`2019`, `2019-05` or `2019-05-31`.", examples=["2019"])
    ] = None
    language: Annotated[Text | None, Field(description="A BCP 47 code.", examples=["en"])] = None
    collection: Text | None = None
    metadata: Annotated[
        dict[Text, Text | None], Field(max_length=100, examples=[{"region": "Central Asia"}])
    ] = {}

    def changes(self) -> dict[str, str | None]:
        """Return the changes by name, fields and metadata alike."""
        named = self.model_fields_set - {"metadata"}
        return {name: getattr(self, name) for name in sorted(named)} | self.metadata


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document of the collection. `partial` says which part of its file could not be read."""

    doc_id: str
    sha256: str
    source: str
    title: str
    collection: str
    media_type: str
    pages: int
    publisher: str | None
    date: str | None
    language: str | None
    metadata: Mapping[str, str]
    provenance: Mapping[str, str]
    partial: str | None

    @classmethod
    def of(cls, document: Document) -> "DocumentEntry":
        """Return the entry of a document."""
        shown = replace(document, source=source_name(document.source))
        return cls(*(getattr(shown, name) for name in cls.__slots__))


@dataclass(frozen=True, slots=True)
class ShownDocument(DocumentEntry):
    """One document, with the ids of those of the same report.

    It `belongs_to` the whole that it is a part of, or null; `parts` belong to it; `siblings` are
    parts of one report whose whole is not there.
    """

    belongs_to: str | None
    parts: tuple[str, ...]
    siblings: tuple[str, ...]

    @classmethod
    def among(cls, document: Document, belonging: Belonging) -> "ShownDocument":
        """Return a document with what belongs to it."""
        entry = DocumentEntry.of(document)
        return cls(
            **{name: getattr(entry, name) for name in DocumentEntry.__slots__},
            belongs_to=belonging["belongs_to"],
            parts=tuple(belonging["parts"]),
            siblings=tuple(belonging["siblings"]),
        )


@dataclass(frozen=True, slots=True)
class DocumentList:
    """Documents ordered by id, and the cursor of the next ones, or null."""

    documents: tuple[DocumentEntry, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page's text: citations' offsets count its code points."""

    doc_id: str
    number: int
    label: str
    text: str
    quality: PageQuality
    language: str | None

    @classmethod
    def of(cls, doc_id: str, page: Page) -> "PageEntry":
        """Return the entry of a page."""
        return cls(doc_id, page.number, page.label, page.text, page.quality, page.language)


def json_of(value: object) -> str:
    """Return a value of this module or of `service.values.answer` as JSON text."""
    return TypeAdapter[object](type(value)).dump_json(value).decode("utf-8")
