"""Files from http(s) addresses, under limits; asked for again only if they changed."""

import re
import time
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

import httpx

from corpus.closing import Closing
from corpus.errors import ReadError
from corpus.origin import Origin
from ingest.readers.document.formats import FORMATS, format_of
from ingest.sources.addresses import checked_address
from ingest.sources.unpacking import is_archive

_REDIRECTS = 5
_FILE_NAME = re.compile(r"filename\*?=(?:UTF-8'[^']*')?\"?([^\";]+)", re.IGNORECASE)
_ARCHIVE_TYPES = {"application/zip", "application/x-zip-compressed"}


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What one address may take: seconds for all of it, bytes; and whether it may be private."""

    timeout_s: float = 60
    max_bytes: int = 512 * 1024**2
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave; `content` is None where it has not changed since `known`."""

    address: str
    name: str
    content: bytes | None
    etag: str | None = None
    last_modified: str | None = None


class Fetcher(Closing):
    """Fetches addresses one after another. A context manager.

    Redirects are followed a few times, each checked like the address itself. The connection goes to
    the IP address that was checked, whatever the name means a moment later. Proxies and cookies
    are not used.
    """

    def __init__(self, limits: FetchLimits) -> None:
        self._limits = limits
        self._client = httpx.Client(
            follow_redirects=False,
            trust_env=False,
            timeout=limits.timeout_s,
            headers={"User-Agent": "citewell", "Accept-Encoding": "gzip"},
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def fetch(self, address: str, known: Origin | None = None) -> Fetched:
        """Return what stands at an address, with a name that tells its kind.

        Raises: ReadError for an address that may not be fetched, that answers with anything but a
        file, that takes too long or is too large.
        """
        deadline = time.monotonic() + self._limits.timeout_s
        conditions: dict[str, str] = {}
        if known is not None and known.etag:
            conditions["If-None-Match"] = known.etag
        if known is not None and known.last_modified:
            conditions["If-Modified-Since"] = known.last_modified
        target = address
        try:
            for _ in range(_REDIRECTS + 1):
                found = self._get(target, address, conditions, deadline)
                if isinstance(found, Fetched):
                    return found
                target = found
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ReadError(
                f"The address cannot be fetched ({type(error).__name__}: {error}). "
                "Check it and the network."
            ) from error
        raise ReadError(
            f"More than {_REDIRECTS} redirects, at last to {target}. Check the address."
        )

    def _get(
        self, target: str, address: str, conditions: dict[str, str], deadline: float
    ) -> Fetched | str:
        """Return what was fetched, or the address that it redirects to."""
        checked = checked_address(target, allow_private=self._limits.allow_private)
        headers = {"Host": checked.url.netloc.decode("ascii"), **conditions}
        request = self._client.build_request(
            "GET",
            checked.pinned,
            headers=headers,
            # The certificate is the host's, not the IP address's.
            extensions={"sni_hostname": checked.url.host.encode("idna").decode("ascii")},
        )
        response = self._client.send(request, stream=True)
        try:
            if response.has_redirect_location:
                return str(checked.url.join(response.headers["location"]))
            if response.status_code == 304:
                return Fetched(address, _name(target, response), None)
            if response.status_code != 200:
                raise ReadError(
                    f"The server answered {response.status_code} {response.reason_phrase}. "
                    "Expected 200 with a file; check the address."
                )
            content = self._body(response, deadline)
        finally:
            response.close()
        said = response.headers
        etag, modified = said.get("etag"), said.get("last-modified")
        return Fetched(address, _name(target, response), content, etag, modified)

    def _body(self, response: httpx.Response, deadline: float) -> bytes:
        most = self._limits.max_bytes
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > most:
                raise ReadError(
                    f"A file of more than {most} bytes. Expected less; raise the limit."
                )
            if time.monotonic() > deadline:
                raise ReadError(
                    f"Fetching took longer than the limit of {self._limits.timeout_s:g} s. "
                    "Expected less; raise CITEWELL_FETCH_TIMEOUT_S."
                )
        return b"".join(parts)


def _name(target: str, response: httpx.Response) -> str:
    """Return a file name: the server's, else the address's, ending as its media type says."""
    said = _FILE_NAME.search(response.headers.get("content-disposition", ""))
    path = unquote(httpx.URL(target).path)
    name = unquote(said.group(1)).strip() if said else path.rstrip("/").rsplit("/", 1)[-1]
    name = name.replace("\\", "/").rsplit("/", 1)[-1] or "document"
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if is_archive(name) or format_of(PurePosixPath(name.lower()).suffix) is not None:
        return name
    if media_type in _ARCHIVE_TYPES:
        return f"{name}.zip"
    endings = [each.extensions[0] for each in FORMATS if each.media_type == media_type]
    return name + endings[0] if endings else name
