"""How a ranking is made."""

from dataclasses import dataclass
from typing import Literal

from corpus.errors import SettingsError

Fusion = Literal["scores", "ranks"]


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """How a ranking is made.

    `candidates` rows come from each search. Fused by scores, the search counts more whose best row
    stands out more from its first `leaders`; 0 for `dense_weight` as it is. A question in a
    language that no passage is in has `dense_weight_across` in place of it. A document that the
    question names adds `source_weight` times its match, 0..1, to its passages. The reading model
    reads the first `read_first` of the fused list. While it has given none a score of `sure_score`,
    it reads them for the whole question too, then on to `read_most`. Of a part of the question it
    reads the first `read_for_part`. Where an English question has no score of `near_score`,
    passages in other languages are searched and read by similarity too.
    Final score: fused + rerank_weight · σ(score / rerank_scale), σ the logistic function, so that a
    passage gains by what it is, not by what stands beside it. One that repeats a passage before it
    comes after the first `distinct`, 0 for not so.
    """

    candidates: int = 100
    fusion: Fusion = "scores"
    dense_weight: float = 0.5
    dense_weight_across: float = 0.75
    leaders: int = 10
    source_weight: float = 1.0
    read_first: int = 10
    read_most: int = 40
    read_for_part: int = 10
    sure_score: float = 0.0
    near_score: float = -2.0
    rerank_weight: float = 2.0
    rerank_scale: float = 3.0
    distinct: int = 5

    def __post_init__(self) -> None:
        if not self.candidates >= 1 or not 0 <= self.read_first <= self.read_most:
            raise SettingsError(
                f"candidates is {self.candidates}, expected 1 or more; read_first is "
                f"{self.read_first} and read_most {self.read_most}, expected 0 or more, and the "
                "second no less than the first"
            )
        if self.read_for_part < 0 or self.distinct < 0 or self.leaders < 0:
            raise SettingsError(
                f"read_for_part is {self.read_for_part}, distinct {self.distinct} and leaders "
                f"{self.leaders}, expected 0 or more"
            )
        if not 0 <= self.dense_weight <= 1 or self.rerank_weight < 0 or self.source_weight < 0:
            raise SettingsError(
                f"dense_weight is {self.dense_weight}, expected 0 to 1; rerank_weight is "
                f"{self.rerank_weight} and source_weight {self.source_weight}, expected 0 or more"
            )
        if self.rerank_scale <= 0:
            raise SettingsError(f"rerank_scale is {self.rerank_scale}, expected above 0")
