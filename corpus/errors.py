"""The errors of citewell, in one tree.

CitewellError                 what a user can act on: found, expected, what to do
├── InputError                the request itself is wrong (HTTP 422, exit code 2)
│   ├── QuestionError         a question or query that is empty or too long
│   ├── FilterError           a filter on a key that the collection does not have
│   └── SettingsError         a setting that does not exist or has no such value
├── ReadError                 a source that is no readable document (exit code 3)
│   ├── PasswordError         an encrypted file without the right password
│   └── UnsupportedError      bytes of a kind that no reader knows
├── NotFoundError             a document, page, job or snapshot that does not exist (HTTP 404)
├── StoreError                the store cannot be opened, read or written
│   ├── LeaseError            a job that another server has taken over meanwhile
│   └── UnreachableError      a store on another machine that does not answer now (Retry-After)
├── SnapshotError             a snapshot cannot be built or opened
│   ├── DamagedSnapshotError  a file of the snapshot differs from its checksum
│   └── MismatchError         a snapshot made by another embedder, chunker or store
├── AccessError               a key is missing, unknown, expired or revoked (HTTP 401)
│   ├── ForbiddenError        a key that may not do this (HTTP 403)
│   └── HostError             a request without a key, to a name that is not the server's (HTTP 421)
├── BusyError                 the server has more to do than it takes on (HTTP 503)
│   └── RateError             a key or address asks more often than it may (HTTP 429)
└── ModelError                a model is missing, damaged or cannot be loaded
"""


class CitewellError(Exception):
    """Raised when something fails that its reader can act on."""


class InputError(CitewellError):
    """Raised when the request itself is wrong."""


class QuestionError(InputError):
    """Raised when a question is empty or too long."""


class FilterError(InputError):
    """Raised when a filter names a key that the collection does not have."""


class SettingsError(InputError):
    """Raised when a setting does not exist or its value is not allowed."""


class ReadError(CitewellError):
    """Raised when a source cannot be read as a document."""


class PasswordError(ReadError):
    """Raised when a file is encrypted and the password is missing or wrong."""


class UnsupportedError(ReadError):
    """Raised when no reader knows this kind of bytes."""


class NotFoundError(CitewellError):
    """Raised when a document, page, job or snapshot does not exist."""


class StoreError(CitewellError):
    """Raised when the store cannot be opened, read or written."""


class LeaseError(StoreError):
    """Raised when a job has passed to another server, which says now what becomes of it."""


class UnreachableError(StoreError):
    """Raised when the server of the store does not answer; later it may, and all is as it was."""


class SnapshotError(CitewellError):
    """Raised when a snapshot cannot be built or opened."""


class DamagedSnapshotError(SnapshotError):
    """Raised when a file of a snapshot differs from its recorded checksum."""


class MismatchError(SnapshotError):
    """Raised when a snapshot was made by another embedder, chunker or store."""


class ModelError(CitewellError):
    """Raised when a model is missing, damaged or cannot be loaded."""


class AccessError(CitewellError):
    """Raised when a key is missing, unknown, expired or revoked."""


class ForbiddenError(AccessError):
    """Raised when a key may not do what it asks for."""


class HostError(AccessError):
    """Raised when a request without a key is for a name that is not the server's."""


class BusyError(CitewellError):
    """Raised when the server takes nothing more on; `retry_after_s` says when to try again."""

    def __init__(self, message: str, *, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RateError(BusyError):
    """Raised when a key or an address asks more often than it may."""
