"""Files from http(s) addresses, under limits; asked for again only if they changed."""

import asyncio
import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

import httpx2
from anyio.from_thread import start_blocking_portal

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
    are not used. An event loop in a thread of its own stops what takes too long, headers that drip
    in too.
    """

    def __init__(self, limits: FetchLimits) -> None:
        self._limits = limits
        self._loop = ExitStack()
        self._portal = self._loop.enter_context(start_blocking_portal())
        self._client = httpx2.AsyncClient(
            follow_redirects=False,
            trust_env=False,
            timeout=limits.timeout_s,
            headers={"User-Agent": "citewell", "Accept-Encoding": "gzip"},
        )

    def close(self) -> None:
        """Close the connections."""
        with self._loop:
            self._portal.call(self._client.aclose)

    def fetch(self, address: str, known: Origin | None = None) -> Fetched:
        """Return what stands at an address, with a name that tells its kind.

        Raises: ReadError for an address that may not be fetched, that answers with anything but a
        file, that takes too long or is too large.
        """
        conditions: dict[str, str] = {}
        if known is not None and known.etag:
            conditions["If-None-Match"] = known.etag
        if known is not None and known.last_modified:
            conditions["If-Modified-Since"] = known.last_modified
        try:
            return self._waited_for(address, conditions)
        except TimeoutError as error:
            raise ReadError(
                f"Fetching took longer than the limit of {self._limits.timeout_s:g} s. "
                "Expected less; raise CITEWELL_FETCH_TIMEOUT_S."
            ) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise ReadError(
                f"The address cannot be fetched ({type(error).__name__}: {error}). "
                "Check it and the network."
            ) from error

    def _waited_for(self, address: str, conditions: dict[str, str]) -> Fetched:
        followed = self._portal.start_task_soon(self._followed, address, conditions)
        try:
            return followed.result()
        finally:
            followed.cancel()  # where the wait was interrupted; else it is done

    async def _followed(self, address: str, conditions: dict[str, str]) -> Fetched:
        """Return what an address leads to, within the time for all of it."""
        target = address
        async with asyncio.timeout(self._limits.timeout_s):
            for _ in range(_REDIRECTS + 1):
                found = await self._get(target, address, conditions)
                if isinstance(found, Fetched):
                    return found
                target = found
        raise ReadError(
            f"More than {_REDIRECTS} redirects, at last to {target}. Check the address."
        )

    async def _get(self, target: str, address: str, conditions: dict[str, str]) -> Fetched | str:
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
        response = await self._client.send(request, stream=True)
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
            content = await self._body(response)
        finally:
            await response.aclose()
        said = response.headers
        etag, modified = said.get("etag"), said.get("last-modified")
        return Fetched(address, _name(target, response), content, etag, modified)

    async def _body(self, response: httpx2.Response) -> bytes:
        most = self._limits.max_bytes
        parts: list[bytes] = []
        size = 0
        async for part in response.aiter_bytes():
            parts.append(part)
            size += len(part)
            if size > most:
                raise ReadError(
                    f"A file of more than {most} bytes. Expected less; raise the limit."
                )
        return b"".join(parts)


def _name(target: str, response: httpx2.Response) -> str:
    """Return a file name: the server's, else the address's, ending as its media type says."""
    said = _FILE_NAME.search(response.headers.get("content-disposition", ""))
    path = unquote(httpx2.URL(target).path)
    name = unquote(said.group(1)).strip() if said else path.rstrip("/").rsplit("/", 1)[-1]
    name = name.replace("\\", "/").rsplit("/", 1)[-1] or "document"
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if is_archive(name) or format_of(PurePosixPath(name.lower()).suffix) is not None:
        return name
    if media_type in _ARCHIVE_TYPES:
        return f"{name}.zip"
    endings = [each.extensions[0] for each in FORMATS if each.media_type == media_type]
    return name + endings[0] if endings else name
