"""A framework that is not installed: said in a sentence, with what to do."""

import subprocess
import sys

import pytest

FRAMEWORKS = {
    "LangChainRetriever": ("langchain_core", "citewell[langchain]"),
    "LlamaIndexRetriever": ("llama_index.core", "citewell[llama-index]"),
    "HaystackRetriever": ("haystack", "citewell[haystack]"),
}


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_a_framework_that_is_not_installed_is_said(name: str) -> None:
    package, extra = FRAMEWORKS[name]
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "import citewell\n"
        "from corpus.errors import InputError\n"
        f"try: citewell.{name}\n"
        "except InputError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert extra in done.stdout, done.stdout
