"""Blocks as they are kept: compressed, named by what they hold, encrypted with a passphrase."""

import hashlib
import hmac
import os
import zlib
from typing import Protocol

from corpus.errors import InputError

SALT_BYTES = 16
_NONCE_BYTES = 12
# scrypt, as OWASP's Password Storage Cheat Sheet has it: 128 MiB, some tenths of a second.
_COST, _BLOCK_SIZE, _PARALLEL = 2**17, 8, 1


class Sealing(Protocol):
    """How blocks are named and kept."""

    def name(self, block: bytes) -> str:
        """Return the name of a block: equal bytes have equal names."""
        ...

    def sealed(self, block: bytes) -> bytes:
        """Return a block as it is kept."""
        ...

    def opened(self, kept: bytes) -> bytes:
        """Return a block that was kept. Raises: ValueError if it is damaged."""
        ...


class Plain:
    """Blocks named by their SHA-256, compressed."""

    def name(self, block: bytes) -> str:
        """Return the SHA-256."""
        return hashlib.sha256(block).hexdigest()

    def sealed(self, block: bytes) -> bytes:
        """Return the block compressed."""
        return zlib.compress(block, 1)

    def opened(self, kept: bytes) -> bytes:
        """Return the block. Raises: ValueError if it is damaged."""
        try:
            return zlib.decompress(kept)
        except zlib.error as error:
            raise ValueError(str(error)) from error


class Encrypted:
    """Blocks encrypted by AES-256-GCM, and named so that a name says nothing without the key.

    Keys come from the passphrase by scrypt. *Source:* RFC 7914 (scrypt), NIST SP 800-38D (GCM; a
    random nonce of 96 bits is good for 2^32 blocks).
    """

    def __init__(self, passphrase: str, salt: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        derive = Scrypt(salt=salt, length=64, n=_COST, r=_BLOCK_SIZE, p=_PARALLEL)
        keys = derive.derive(passphrase.encode("utf-8"))
        self._cipher = AESGCM(keys[:32])
        self._names = keys[32:]

    def name(self, block: bytes) -> str:
        """Return the HMAC-SHA256 of the block."""
        return hmac.new(self._names, block, hashlib.sha256).hexdigest()

    def sealed(self, block: bytes) -> bytes:
        """Return a nonce, and the block compressed and encrypted."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, zlib.compress(block, 1), None)

    def opened(self, kept: bytes) -> bytes:
        """Return the block. Raises: ValueError if it is damaged, or of another passphrase."""
        from cryptography.exceptions import InvalidTag

        try:
            return zlib.decompress(
                self._cipher.decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], None)
            )
        except (InvalidTag, zlib.error, ValueError) as error:
            raise ValueError(f"it cannot be decrypted: {error!r}") from error


def sealing_of(passphrase: str | None, salt: bytes | None) -> Sealing:
    """Return how the blocks of a folder are kept; `salt` is None where they are not encrypted.

    Raises: InputError for a passphrase without encryption, or the other way round.
    """
    if salt is None:
        if passphrase:
            raise InputError(
                "These backups are not encrypted, and a passphrase was given. Expected none; or "
                "name a new folder for encrypted ones."
            )
        return Plain()
    if not passphrase:
        raise InputError(
            "These backups are encrypted. Expected their passphrase in the variable "
            "CITEWELL_BACKUP_PASSPHRASE."
        )
    return Encrypted(passphrase, salt)
