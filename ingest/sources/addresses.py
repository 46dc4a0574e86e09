"""Which addresses may be fetched: public ones, checked before anything is sent."""

import ipaddress
import socket
from dataclasses import dataclass

import httpx2

from corpus.errors import ReadError

SCHEMES = ("http", "https")
# Forms of an IPv4 address with it in the last 32 bits: IPv4-compatible (RFC 4291), translated
# (RFC 2765), NAT64 by the well-known prefix (RFC 6052) and by the one for local use (RFC 8215).
_IPV4_IN_LAST_BITS = tuple(
    map(ipaddress.IPv6Network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48"))
)


@dataclass(frozen=True, slots=True)
class Checked:
    """An address that may be fetched, and the IP address that its host was checked to have."""

    url: httpx2.URL
    ip: str

    @property
    def pinned(self) -> httpx2.URL:
        """The address with the IP in place of the host, so that nothing is looked up again."""
        return self.url.copy_with(host=self.ip)


def checked_address(address: str, *, allow_private: bool) -> Checked:
    """Return an address that may be fetched.

    Raises: ReadError if it is none, its host has no IP address, or any of those is not a public
    one (private, loopback, link-local, reserved; also within IPv6) and `allow_private` is not set.
    """
    try:
        url = httpx2.URL(address)
    except (httpx2.InvalidURL, ValueError) as error:
        raise ReadError(f"No address: {error}. Expected https://HOST/PATH.") from error
    if url.scheme not in SCHEMES or not url.host:
        raise ReadError(f"An address of kind {url.scheme!r}. Expected http or https.")
    try:
        port = url.port or (443 if url.scheme == "https" else 80)
        found = socket.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ReadError(
            f"The host {url.host} is not known ({error}). Check the address and the network."
        ) from error
    ips = [str(entry[4][0]) for entry in found]
    hidden = [ip for ip in ips if not _is_public(ip)]
    if hidden and not allow_private:
        raise ReadError(
            f"{url.host} is {hidden[0]}, which is not a public address. It could be a service of "
            "your own network; allow it with --allow-private if you mean it."
        )
    return Checked(url, ips[0])


def _is_public(ip: str) -> bool:
    parsed = ipaddress.ip_address(ip.partition("%")[0])
    return all(
        each.is_global and not each.is_multicast and not getattr(each, "is_site_local", False)
        for each in (parsed, *_led_to(parsed))
    )


def _led_to(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """Return the IPv4 addresses that a gateway may take an IPv6 address for."""
    if not isinstance(ip, ipaddress.IPv6Address):
        return []
    found = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if any(ip in network for network in _IPV4_IN_LAST_BITS):
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [each for each in found if each is not None]
