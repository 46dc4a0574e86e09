"""Which documents a search may look into."""

import re
from dataclasses import replace

import numpy as np
import pytest

from corpus.errors import FilterError
from corpus.ids import DocId
from index.documents.filters import Filters
from index.documents.indexed_document import IndexedDocument

DOCUMENTS = [
    IndexedDocument(DocId("d0"), "Almaty", "iscm", "IOM", "2019", "en"),
    IndexedDocument(DocId("d1"), "Puebla", "iscm", "IOM", "2019-05", "es", {"pages": "9"}),
    IndexedDocument(DocId("d2"), "Bali", "other", "UNHCR", "2020-02-29", "en-GB", {"pages": "10"}),
    IndexedDocument(DocId("d3"), "No date", "other", metadata={"region": "Asia", "a b": "1"}),
]


def selected(*pairs: str) -> list[str]:
    mask = Filters.parse(pairs).mask(DOCUMENTS)
    assert mask.dtype == np.bool_
    return [document.doc_id for document, kept in zip(DOCUMENTS, mask, strict=True) if kept]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], ["d0", "d1", "d2", "d3"]),
        (["collection=iscm"], ["d0", "d1"]),
        (["publisher=iom"], ["d0", "d1"]),
        (["language=en"], ["d0", "d2"]),
        (["language=en-GB"], ["d2"]),
        (["title=Bali"], ["d2"]),
        (["doc_id=d1"], ["d1"]),
        (["region=Asia"], ["d3"]),
        (["a b = 1 "], ["d3"]),
        (["language=es", "language=en"], ["d0", "d1", "d2"]),
        (["language=en", "collection=iscm"], ["d0"]),
        (["date=2019"], ["d0", "d1"]),
        (["date=2019-05"], ["d1"]),
        (["date=2020-02"], ["d2"]),
        (["date=2020-02-29"], ["d2"]),
        (["date=2019", "date=2020"], ["d0", "d1", "d2"]),
        (["date>=2019"], ["d0", "d1", "d2"]),
        (["date>2019"], ["d2"]),
        (["date<2019-05"], ["d0"]),
        (["date<=2019-05"], ["d0", "d1"]),
        (["date>=2019-05", "date<2020-02-29"], ["d1"]),
        (["date > 2020-02-28"], ["d2"]),
        (["year>=2020"], ["d2"]),
        (["year=2019", "publisher!=UNHCR"], ["d0", "d1"]),
        (["publisher!=IOM"], ["d2", "d3"]),
        (["publisher!=IOM", "publisher exists"], ["d2"]),
        (["language in (en, es)"], ["d0", "d1", "d2"]),
        (["language not in (es)"], ["d0", "d2", "d3"]),
        (["date not exists"], ["d3"]),
        (["pages>9"], ["d2"]),
        (["pages<=9"], ["d1"]),
        (["pages>9", "region exists"], []),
        (["region in (Asia)", "a b<2"], ["d3"]),
    ],
)
def test_conditions_choose_documents(pairs: list[str], expected: list[str]) -> None:
    assert selected(*pairs) == expected


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("language", "not a filter"),
        ("=en", "not a filter"),
        ("language=", "has no value"),
        ("date=May", "not a date"),
        ("date>=2019-13", "not a date"),
        ("date=19", "not a date"),
        ("title>=A", "only dates and numbers have an order"),
        ("title in ()", "has no value"),
        ("exists", "not a filter"),
    ],
)
def test_what_is_no_filter_is_refused_with_what_to_write(pair: str, message: str) -> None:
    with pytest.raises(FilterError, match=message):
        Filters.parse([pair])


def test_an_unknown_key_is_refused_and_the_known_ones_named() -> None:
    with pytest.raises(FilterError, match=r"'colour'; known: a b, collection, date, .*region"):
        selected("colour=red")


def test_a_value_may_hold_signs_of_comparison() -> None:
    filters = Filters.parse(["title=a=b<c"])
    assert filters.conditions[0].values == ("a=b<c",)


def test_filters_come_from_a_mapping_too() -> None:
    pairs = Filters.parse(["language=en", "language=es", "date>=2019"])
    assert Filters.of({"language": ["en", "es"], "date>=": "2019"}) == pairs


def test_no_condition_is_false_and_prints_are_what_is_typed() -> None:
    assert not Filters()
    assert [
        str(each) for each in Filters.parse(["date >= 2019", "x  not in (a,b)"]).conditions
    ] == [
        "date>=2019",
        "x not in (a, b)",
    ]


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (["collection=icsm"], "no document has collection=icsm; known: iscm"),
        (["language=e"], "no document has language=e; known: en"),
        (["language=xx", "language=yy"], "no document has language=xx or yy; known: en"),
        (["language in (xx, yy)"], "no document has language=xx or yy; known: en"),
        (["region=Asya"], "no document has region=Asya; known: Asia"),
    ],
)
def test_a_value_that_no_document_has_is_refused_with_the_known(
    pairs: list[str], message: str
) -> None:
    with pytest.raises(FilterError, match=re.escape(message)):
        Filters.parse(pairs).mask(DOCUMENTS)


def test_what_may_not_be_seen_is_no_known_value() -> None:
    permitted = np.asarray([document.collection == "iscm" for document in DOCUMENTS])
    hidden = next(d.collection for d in DOCUMENTS if d.collection != "iscm")
    for name in (hidden, "nothing"):
        with pytest.raises(FilterError) as refused:
            Filters.parse([f"collection={name}"]).mask(DOCUMENTS, permitted)
        assert str(refused.value) == f"no document has collection={name}; known: iscm"


def test_of_many_values_those_most_alike_are_listed() -> None:
    many = [replace(DOCUMENTS[0], publisher=f"Publisher {n:03}") for n in range(50)]
    with pytest.raises(FilterError, match=r"known: Publisher 012, .* and 42 more$"):
        Filters.parse(["publisher=Publisher 012x"]).mask(many)


def test_a_date_or_a_range_that_no_document_meets_is_no_mistake() -> None:
    for pair in ("date=1801", "year=1801", "doc_id=d9", "pages>900", "language!=en"):
        Filters.parse([pair]).mask(DOCUMENTS)
