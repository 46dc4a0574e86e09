"""How a snapshot is built and searched: recorded in it, and part of its fingerprint."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import cast

# How texts become words: 1 took every text for English, 2 goes by its language.
ANALYSIS = 2


@dataclass(frozen=True, slots=True)
class VectorSettings:
    """Exact search up to `exact_limit` vectors (and allowed rows), a graph above.

    `links`, `build_width` and `search_width` are M, efConstruction and efSearch of the paper.

    *Source:* Malkov and Yashunin, Efficient and robust approximate nearest neighbor search using
    Hierarchical Navigable Small World graphs, TPAMI 2020.
    """

    exact_limit: int = 50_000
    links: int = 32
    build_width: int = 200
    search_width: int = 256


@dataclass(frozen=True, slots=True)
class LexicalSettings:
    """`context_boost` weighs a match in the context (title and section) alone, on top of the match
    in the passage, which is context and text together and weighs 1.

    SciFact, 809 training queries, nDCG@10: passage alone 0.693, with 0.1 to 0.25 of the context
    0.696, with 0.5 0.689; text alone 0.677, text and 0.5 of the context 0.684.
    """

    context_boost: float = 0.25


@dataclass(frozen=True, slots=True)
class SnapshotSettings:
    """The settings of both indexes."""

    vectors: VectorSettings = field(default_factory=VectorSettings)
    lexical: LexicalSettings = field(default_factory=LexicalSettings)

    def to_json(self) -> dict[str, object]:
        """Return the settings as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> "SnapshotSettings":
        """Return the settings that `to_json` gave."""
        vectors = cast("Mapping[str, int]", values["vectors"])
        lexical = cast("Mapping[str, float]", values["lexical"])
        return cls(VectorSettings(**vectors), LexicalSettings(**lexical))
