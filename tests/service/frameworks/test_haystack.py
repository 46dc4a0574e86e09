"""The Haystack component in a pipeline of Haystack."""

import subprocess
import sys

import pytest

from corpus.errors import QuestionError
from tests.service.live import READABLE, Live, marked_text
from tests.service.small_collection import COOPERATION, QUESTION

pytest.importorskip("haystack", reason="haystack-ai is not installed")

from haystack import Pipeline
from haystack.components.builders import PromptBuilder
from haystack.utils import Secret

from service.frameworks.haystack import HaystackRetriever

TEMPLATE = "{% for d in documents %}{{ d.content }}\n{% endfor %}Question: {{ question }}"


def a_pipeline(live: Live, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    monkeypatch.setenv("CITEWELL_KEY_OF_TEST", live.key)
    retriever = HaystackRetriever(
        live.address, api_key=Secret.from_env_var("CITEWELL_KEY_OF_TEST"), top_k=2
    )
    made = Pipeline()
    made.add_component("retriever", retriever)
    made.add_component("prompt", PromptBuilder(TEMPLATE, required_variables="*"))
    made.connect("retriever.documents", "prompt.documents")
    return made


def run(pipeline: Pipeline) -> tuple[str, HaystackRetriever]:
    asked = {"retriever": {"query": QUESTION}, "prompt": {"question": QUESTION}}
    retriever = pipeline.get_component("retriever")
    assert isinstance(retriever, HaystackRetriever)
    return pipeline.run(asked)["prompt"]["prompt"], retriever


def test_a_pipeline_reads_the_passage_and_its_url_opens_the_page(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt, retriever = run(a_pipeline(live, monkeypatch))
    assert COOPERATION in prompt
    [first, second] = retriever.run(QUESTION)["documents"]
    assert READABLE in marked_text(live, first.meta["url"])
    assert (first.meta["page"], first.meta["page_label"]) == (1, "i")
    assert first.score is not None
    assert second.score is not None
    assert 1 >= first.score >= second.score >= 0
    retriever.close()


def test_a_pipeline_is_saved_without_its_key_and_loaded(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = a_pipeline(live, monkeypatch).dumps()
    assert live.key not in saved
    prompt, retriever = run(Pipeline.loads(saved))
    assert COOPERATION in prompt
    assert (retriever.url, retriever.top_k) == (live.address, 2)
    retriever.close()


def test_a_saved_pipeline_is_loaded_by_a_process_that_imports_the_retriever(live: Live) -> None:
    made = Pipeline()
    made.add_component("retriever", HaystackRetriever(live.address))
    script = (
        "import sys, citewell\nfrom haystack import Pipeline\ncitewell.HaystackRetriever\n"
        "print(Pipeline.loads(sys.stdin.read()).get_component('retriever').url)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script],
        input=made.dumps(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout == f"{live.address}\n"


@pytest.mark.anyio
async def test_waiting_for_documents_gives_the_same(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, retriever = run(a_pipeline(live, monkeypatch))
    awaited = await retriever.run_async(QUESTION, top_k=1)
    assert awaited == retriever.run(QUESTION, top_k=1)
    assert len(awaited["documents"]) == 1
    retriever.close()


def test_filters_and_errors_are_those_of_the_collection(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, retriever = run(a_pipeline(live, monkeypatch))
    found = retriever.run(QUESTION, filters=["title=Budapest"])["documents"]
    assert {each.meta["title"] for each in found} == {"Budapest"}
    with pytest.raises(QuestionError):
        retriever.run(" ")
    retriever.close()
