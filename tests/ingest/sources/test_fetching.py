"""Fetching from a real server: limits, redirects, conditions, and where nothing may lead."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Event, Thread
from time import sleep

import pytest

from corpus.errors import ReadError
from corpus.origin import Origin
from ingest.sources.addresses import checked_address
from ingest.sources.fetching import Fetched, Fetcher, FetchLimits
from ingest.sources.sitemap import addresses_in
from tests.service.web_server import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(FetchLimits(timeout_s=10, max_bytes=1000, allow_private=True)) as made:
        yield made


def test_a_file_comes_with_a_name_that_tells_its_kind(site: Site, fetcher: Fetcher) -> None:
    site.files = {"/report": b"<p>Words.", "/a.txt?x=1": b"Words."}
    assert fetcher.fetch(f"{site.base}/report").name == "report.html"
    assert fetcher.fetch(f"{site.base}/a.txt?x=1").name == "a.txt"


def test_what_has_not_changed_is_not_sent_again(site: Site, fetcher: Fetcher) -> None:
    site.files = {"/a.txt": b"Words."}
    address = f"{site.base}/a.txt"
    first = fetcher.fetch(address)
    known = Origin(address, address, first.etag, first.last_modified)
    assert fetcher.fetch(address, known).content is None
    site.files["/a.txt"] = b"Other words."
    assert fetcher.fetch(address, known).content == b"Other words."
    assert [status for _, status in site.asked] == [200, 304, 200]


def test_redirects_are_followed_but_not_for_ever(site: Site, fetcher: Fetcher) -> None:
    site.files = {"/b.txt": b"Words."}
    site.redirects = {"/a": "/b.txt", "/loop": "/loop", "/away": "ftp://example.org/x"}
    assert fetcher.fetch(f"{site.base}/a").content == b"Words."
    with pytest.raises(ReadError, match="More than 5 redirects"):
        fetcher.fetch(f"{site.base}/loop")
    with pytest.raises(ReadError, match="Expected http or https"):
        fetcher.fetch(f"{site.base}/away")


def test_what_is_too_large_or_absent_is_refused(site: Site, fetcher: Fetcher) -> None:
    site.files = {"/a.txt": b"x" * 2000}
    with pytest.raises(ReadError, match="more than 1000 bytes"):
        fetcher.fetch(f"{site.base}/a.txt")
    with pytest.raises(ReadError, match="answered 404"):
        fetcher.fetch(f"{site.base}/b.txt")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "192.168.1.1", "169.254.169.254",
     "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "[fe80::1]", "100.64.0.1",
     "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]",
     "[2002:a00:1::1]", "[::127.0.0.1]", "[::10.0.0.1]", "[::ffff:0:127.0.0.1]",
     "[2001:0:7f00:1::]", "[fec0::1]", "[fd00::1]", "[ff02::1]"],
)  # fmt: skip
def test_private_addresses_are_refused(host: str) -> None:
    with pytest.raises(ReadError, match=r"not a public address|is not known"):
        checked_address(f"http://{host}:80/", allow_private=False)


@pytest.mark.parametrize("host", ["[2606:4700::1111]", "[64:ff9b::808:808]", "8.8.8.8"])
def test_public_addresses_are_not(host: str) -> None:
    assert checked_address(f"http://{host}:80/", allow_private=False).ip


def test_headers_that_drip_in_do_not_outlast_the_limit() -> None:
    """A byte at a time, for ten times as long as the limit; then the file would come."""
    came = Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=_drip, args=(listener, came), daemon=True).start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/a.txt"
        with (
            Fetcher(FetchLimits(timeout_s=1, allow_private=True)) as fetcher,
            pytest.raises(ReadError, match="longer than the limit of 1 s"),
        ):
            fetcher.fetch(address)
        assert not came.is_set()


def test_a_notebook_whose_event_loop_runs_can_fetch(site: Site, fetcher: Fetcher) -> None:
    site.files = {"/a.txt": b"Words."}

    async def cell() -> Fetched:
        return fetcher.fetch(f"{site.base}/a.txt")

    assert asyncio.run(cell()).content == b"Words."


def _drip(listener: socket.socket, came: Event) -> None:
    connection, _ = listener.accept()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Filling: " + b"x" * 40
    with connection, suppress(OSError):
        for byte in head:
            connection.sendall(bytes([byte]))
            sleep(0.1)
        came.set()
        connection.sendall(b"\r\nContent-Length: 5\r\n\r\nWords")


def test_a_redirect_into_the_private_network_is_refused(site: Site) -> None:
    checked = checked_address(f"{site.base}/a", allow_private=True)
    assert checked.ip == "127.0.0.1"
    with Fetcher(FetchLimits(timeout_s=5)) as fetcher, pytest.raises(ReadError, match="private"):
        fetcher.fetch(f"{site.base}/a")
    assert site.asked == []


def test_a_sitemap_lists_addresses_and_other_sitemaps(site: Site, fetcher: Fetcher) -> None:
    base = site.base
    site.files = {
        "/sitemap.xml": f"<sitemapindex><sitemap><loc>{base}/sitemap-1.xml</loc></sitemap>"
        "</sitemapindex>".encode(),
        "/sitemap-1.xml": f"<urlset><url><loc> {base}/a.txt </loc></url><url><loc>{base}/b.txt"
        "</loc></url><url><loc>javascript:x</loc></url></urlset>".encode(),
        "/sitemap-2.xml": b"<!DOCTYPE x [<!ENTITY e 'x'>]><urlset>&e;</urlset>",
    }
    assert list(addresses_in(f"{base}/sitemap.xml", fetcher)) == [f"{base}/a.txt", f"{base}/b.txt"]
    with pytest.raises(ReadError, match="no sitemap"):
        list(addresses_in(f"{base}/sitemap-2.xml", fetcher))
