"""Looking seldom for objects that refer to each other: they are found all the same."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from ingest.workers.garbage_collection import collect_seldom


class Node:
    """Refers to itself, as the objects of a file refer to their file."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def usual_collecting() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.usefixtures("usual_collecting")
def test_what_refers_to_itself_is_collected_after_some_thousand_new_objects() -> None:
    collect_seldom()
    left = weakref.ref(Node())
    held = [[number] for number in range(11_000)]
    assert left() is None
    assert len(held) == 11_000
