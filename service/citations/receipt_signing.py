"""Signed receipts: whether an answer that is pasted elsewhere is from here, word for word.

The signature is Ed25519 (RFC 8032) over the canonical JSON (RFC 8785) of an answer's proven part.
It is over the JSON as it was given, so an answer of another version can be checked too.
"""

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self, cast

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from corpus.errors import InputError, StoreError
from service.values.answer import Answer, Signature
from service.values.verification import SignatureVerdict

SIGNED = (
    "question",
    "status",
    "reason",
    "confidence",
    "answer",
    "statements",
    "citations",
    "generation",
    "conflicts",
    "unanswered_parts",
    "receipt",
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that checks signatures; `key_id` is its thumbprint (RFC 7638)."""

    key: Ed25519PublicKey

    @property
    def jwk(self) -> dict[str, str]:
        """The key as a JSON Web Key (RFC 8037)."""
        raw = self.key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)}

    @property
    def key_id(self) -> str:
        """The name of the key: the same on every machine."""
        return _base64url(hashlib.sha256(rfc8785.dumps(dict(self.jwk))).digest())

    @property
    def pem(self) -> str:
        """The key as a PEM file."""
        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private key of a home."""

    key: Ed25519PrivateKey

    @classmethod
    def open(cls, file: Path) -> Self:
        """Return the key of a file, made if there is none, for its owner alone.

        Raises: StoreError if it cannot be made, or is no such key.
        """
        try:
            if not file.exists():
                _make(file)
            key = load_pem_private_key(file.read_bytes(), password=None)
        except OSError as error:
            raise StoreError(f"the signing key {file} cannot be used: {error.strerror}") from error
        except (ValueError, TypeError) as error:
            raise StoreError(
                f"{file} is no private key ({error}); put the right one back, or move it away and "
                "a new one is made: what the old one signed is then of an unknown key"
            ) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise StoreError(f"{file} holds a {type(key).__name__}; expected an Ed25519 key")
        return cls(key)

    @property
    def public(self) -> PublicKey:
        """The key that checks what this one signs."""
        return PublicKey(self.key.public_key())

    def signed(self, answer: Answer) -> Answer:
        """Return the answer with its signature. The same answer has the same signature."""
        receipt = replace(answer.receipt, signature=None)
        plain = cast(
            "Mapping[str, object]", json.loads(json.dumps(asdict(replace(answer, receipt=receipt))))
        )
        return replace(answer, receipt=replace(receipt, signature=self.signature(plain)))

    def signature(self, plain: Mapping[str, object]) -> Signature:
        """Return the signature of an answer, or of a deletion's receipt, as JSON values."""
        value = _base64url(self.key.sign(signed_bytes(plain)))
        return Signature("Ed25519", self.public.key_id, value)


def signed_bytes(answer: Mapping[str, object]) -> bytes:
    """Return what is signed of an answer's JSON: canonical, without passages and timings.

    Of a deletion's receipt it is all but the signature.
    Raises: InputError for a number that JSON cannot hold.
    """
    if is_deletion(answer):
        part = {name: value for name, value in answer.items() if name != "signature"}
    else:
        part = {name: answer[name] for name in SIGNED if name in answer}
    receipt = part.get("receipt")
    if isinstance(receipt, Mapping):
        part["receipt"] = {k: v for k, v in receipt.items() if k != "signature"}
    try:
        return rfc8785.dumps(part)  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise InputError(f"Not a saved Answer: {error}.") from error


def is_deletion(saved: Mapping[str, object]) -> bool:
    """Return whether a saved object is a deletion's receipt, not an answer."""
    return "deleted_at" in saved and not any(name in saved for name in ("question", "receipt"))


def check_signature(answer: Mapping[str, object], keys: Sequence[PublicKey]) -> SignatureVerdict:
    """Return whether one of the keys signed the answer, or the deletion's receipt, as it is."""
    receipt = answer if is_deletion(answer) else answer.get("receipt")
    signature = receipt.get("signature") if isinstance(receipt, Mapping) else None
    if signature is None:
        return "absent"
    if not isinstance(signature, Mapping) or signature.get("algorithm") != "Ed25519":
        return "invalid"
    key = next((each for each in keys if each.key_id == signature.get("key_id")), None)
    if key is None:
        return "unknown_key"
    try:
        key.key.verify(_decoded(str(signature.get("value"))), signed_bytes(answer))
    except (InvalidSignature, ValueError):
        return "invalid"
    return "valid"


def key_set(keys: Sequence[PublicKey]) -> dict[str, object]:
    """Return the keys as a JSON Web Key Set (RFC 7517)."""
    return {"keys": [k.jwk | {"kid": k.key_id, "use": "sig", "alg": "EdDSA"} for k in keys]}


def read_public_keys(file: Path) -> list[PublicKey]:
    """Return the keys of a PEM file or a JSON Web Key Set. Raises: InputError."""
    try:
        content = file.read_bytes()
        if content.lstrip().startswith(b"{"):
            found = json.loads(content)
            keys = found.get("keys", [found])
            return [_of_jwk(each) for each in keys if each.get("crv") == "Ed25519"]
        key = load_pem_public_key(content)
    except OSError as error:
        raise InputError(f"Cannot read {file}: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{file} holds no public key ({error}); expected a PEM file or the JSON of "
            "/.well-known/jwks.json."
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(f"{file} holds a {type(key).__name__}; expected an Ed25519 public key.")
    return [PublicKey(key)]


def _of_jwk(jwk: Mapping[str, str]) -> PublicKey:
    return PublicKey(Ed25519PublicKey.from_public_bytes(_decoded(jwk["x"])))


def _make(file: Path) -> None:
    """Write a new key; of two processes that do at once, the first one's stays."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)  # mode 0600
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(pem)
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
