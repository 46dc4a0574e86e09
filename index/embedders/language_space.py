"""The space that texts of all languages share: vectors without what only tells their language.

A multilingual model places a text by what it says and by the language it says it in. Less the
centre of its language, a question is nearest to what answers it, in whatever language that is. And
what is left of a vector turns, by one rotation, into the space of the English model: so a question
in another language finds English passages by the vectors that they have.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from index.models.model_files import LANGUAGE_SPACE
from index.values.ports import FloatMatrix, FloatVector

_ENGLISH, _CHINESE, _OTHER = "en", "zh", ""
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class LanguageSpace:
    """The centres of questions and of passages by language, and the rotation (d, d).

    `""` is any language that has no centre of its own.
    """

    questions: Mapping[str, FloatVector]
    passages: Mapping[str, FloatVector]
    rotation: FloatMatrix

    def question(self, vector: FloatVector, language: str) -> FloatVector:
        """Return the unit vector of a question, less the centre of its language."""
        found: FloatVector = _unit((vector - _centre(self.questions, language))[None])[0]
        return found

    def said(self, vectors: FloatMatrix, languages: Sequence[str] | None = None) -> FloatMatrix:
        """Return the unit vectors of passages, (n, d), less the centre of the language of each.

        Without `languages` all are English.
        """
        if languages is None:
            return _unit(vectors - self.passages[_ENGLISH])
        if not languages:
            return vectors
        centres = np.stack([_centre(self.passages, each) for each in languages])
        return _unit(vectors - centres)

    def in_english(self, question: FloatVector) -> FloatVector:
        """Return where a question stands among the vectors of the English model."""
        turned: FloatVector = question @ self.rotation
        return turned


@cache
def shipped_space() -> LanguageSpace:
    """Return the space that comes with citewell. Raises: ModelError."""
    with np.load(io.BytesIO(LANGUAGE_SPACE.read()), allow_pickle=False) as kept:
        names = [str(each) for each in kept["languages"]]
        return LanguageSpace(
            dict(zip(names, kept["questions"], strict=True)),
            dict(zip(names, kept["passages"], strict=True)),
            kept["rotation"],
        )


def language_said(analysed: str, text: str) -> str:
    """Return the language whose centre a passage has that is not in English.

    It is the one by which it was analysed; where that is English, for want of another, letters tell
    Chinese from what has no centre.
    """
    if analysed != _ENGLISH:
        return analysed
    return _CHINESE if _HAN.search(text) else _OTHER


def _centre(centres: Mapping[str, FloatVector], language: str) -> FloatVector:
    return centres.get(language, centres[_OTHER])


def _unit(vectors: FloatMatrix) -> FloatMatrix:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    found: FloatMatrix = vectors / np.maximum(lengths, 1e-9)
    return found
