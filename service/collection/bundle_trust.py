"""Who made a bundle: its signature, and which keys are believed.

A signature is over `bundle.json`, which has the checksum of every other member. A bundle of this
home's own key, or of a key that the caller names, is taken as it is. Of any other only the files
are: their text is read from them again, and embedded anew.
"""

import base64
import json
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidSignature

from corpus.errors import InputError
from service.citations.receipt_signing import PublicKey, SigningKey, read_public_keys
from service.collection.bundle import BundleFile
from service.settings.settings import Settings
from service.values.verification import SignatureVerdict

# What is signed begins with this, so that no other thing that a home signs passes for a bundle.
_PREFIX = b"citewell bundle\n"


def believed_keys(settings: Settings, public_key: Path | None) -> list[PublicKey]:
    """Return the keys in a file, else the home's own, if it has one. Raises: InputError."""
    if public_key is not None:
        return read_public_keys(public_key)
    own = settings.layout.signing_key
    return [SigningKey.open(own).public] if own.exists() else []


def signature_of(contents: bytes, key: SigningKey) -> bytes:
    """Return the member `signature.json` for these bytes of `bundle.json`."""
    value = base64.urlsafe_b64encode(key.key.sign(_PREFIX + contents)).decode().rstrip("=")
    signature = {"algorithm": "Ed25519", "key_id": key.public.key_id, "value": value}
    return json.dumps(signature, indent=1).encode()


def check_bundle_signature(bundle: BundleFile, keys: Sequence[PublicKey]) -> SignatureVerdict:
    """Return whether one of the keys signed the bundle. Only `valid` is to be believed."""
    content = bundle.signature
    if content is None:
        return "absent"
    try:
        held = json.loads(content)
        key = next((each for each in keys if each.key_id == held["key_id"]), None)
        if key is None:
            return "unknown_key"
        value = str(held["value"])
        raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        key.key.verify(raw, _PREFIX + bundle.signed)
    except (InvalidSignature, LookupError, TypeError, ValueError, RecursionError):
        return "invalid"
    return "valid"


def trusted(bundle: BundleFile, keys: Sequence[PublicKey], *, wanted: bool) -> bool:
    """Return whether the bundle is to be taken as it is.

    Raises: InputError for a signature that does not fit, and, if one is `wanted`, for none of
    these keys.
    """
    verdict = check_bundle_signature(bundle, keys)
    if verdict == "invalid":
        raise InputError(
            f"{bundle.file} was changed after it was signed. Expected the bundle as it was "
            "exported; nothing was imported."
        )
    if wanted and verdict != "valid":
        found = "has no signature" if verdict == "absent" else "is signed by another key"
        raise InputError(
            f"{bundle.file} {found}; expected one of the key that --public-key names. Without "
            "that option its files are read again."
        )
    return verdict == "valid"
