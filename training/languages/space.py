"""Where languages lie in the multilingual model's space, and how it turns into the English one.

Fitted on texts that no figure of ours is of: the centres of questions and of passages in each
language, and the rotation that takes a centred vector of the multilingual model to that of the
English model for the same text.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.values.ports import Embedder, FloatMatrix, FloatVector

PARALLEL = Path(__file__).with_name("parallel.json")


Pair = tuple[FloatMatrix, FloatMatrix]


def write_space(path: Path, asked: Pair, said: Pair, multilingual: Embedder) -> None:
    """Write the space that questions and passages in English give, and the parallel questions.

    `asked` and `said` are their vectors by the multilingual model and by the English one.
    """
    parallel = json.loads(PARALLEL.read_text("utf-8"))
    queries = {each: multilingual.embed_queries(texts) for each, texts in parallel.items()}
    passages = {each: multilingual.embed_documents(texts) for each, texts in parallel.items()}
    questions_at = centres_of(queries, asked[0].mean(axis=0))
    passages_at = centres_of(passages, said[0].mean(axis=0))
    np.savez_compressed(
        path,
        languages=np.array(list(questions_at)),
        questions=np.array(list(questions_at.values()), dtype=np.float32),
        passages=np.array(list(passages_at.values()), dtype=np.float32),
        rotation=rotation_of([asked, said]).astype(np.float32),
    )


def pair_of(
    questions: Sequence[str], passages: Sequence[str], multilingual: Embedder, english: Embedder
) -> tuple[Pair, Pair]:
    """Return the vectors of questions and of passages by both models."""
    return (
        (multilingual.embed_queries(questions), english.embed_queries(questions)),
        (multilingual.embed_documents(passages), english.embed_documents(passages)),
    )


def centres_of(parallel: Mapping[str, FloatMatrix], english: FloatVector) -> dict[str, FloatVector]:
    """Return the centre of each language: that of English, and what sets the same texts apart.

    `""` is that of any other language: the mean of all but English.
    """
    apart = {each: (vectors - parallel["en"]).mean(axis=0) for each, vectors in parallel.items()}
    centres = {each: english + shift for each, shift in apart.items()}
    others = [centre for each, centre in centres.items() if each != "en"]
    return {**centres, "": np.mean(others, axis=0)}


def rotation_of(pairs: Sequence[Pair]) -> npt.NDArray[np.float64]:
    """Return the orthogonal matrix that takes the first of each pair nearest to the second.

    Each kind of text counts the same, and is centred by itself.

    *Source:* Schönemann, A generalized solution of the orthogonal Procrustes problem, 1966;
    Smith et al., Offline bilingual word vectors, orthogonal transformations and the inverted
    softmax, ICLR 2017.
    """
    both = [
        (first - first.mean(axis=0)).T @ (second - second.mean(axis=0)) / len(first)
        for first, second in pairs
    ]
    left, _, right = np.linalg.svd(np.sum(both, axis=0).astype(np.float64))
    rotation: npt.NDArray[np.float64] = left @ right
    return rotation
