"""Drafts of a real language model, served by llama.cpp: what of them reaches the caller."""

from collections.abc import Iterator

import pytest

from service.answering.generation.generating import generated
from service.answering.generation.generator import Quote
from service.answering.generation.openai_compatible import OpenAICompatible
from tests.llama_server import llama_server, why_not
from tests.service.answering.generated_answers import QUOTES, answer_of, faults_of

pytestmark = pytest.mark.skipif(why_not() is not None, reason=why_not() or "")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with llama_server() as found:
        yield found


def test_it_streams_what_the_model_writes(address: str) -> None:
    quote = Quote(1, "The Forum meets in Geneva every year.", "Report")
    pieces = list(OpenAICompatible(address, "smollm2").write("Where does it meet?", [quote]))
    assert len(pieces) > 3
    assert "Geneva" in "".join(pieces)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_only_what_the_quotes_prove_comes_through(address: str, count: int) -> None:
    before = answer_of(QUOTES[:count])
    answer = generated(before, OpenAICompatible(address, "smollm2", timeout_s=60))
    assert faults_of(answer, before) == []
    told = answer.generation
    assert told is not None
    assert told.problem is None
    assert told.kept + told.replaced + told.dropped > 0
