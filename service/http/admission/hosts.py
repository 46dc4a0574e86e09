"""The names under which the server may be asked without a key: a guard against DNS rebinding.

A page of another site can give its own name the address 127.0.0.1; a visitor's browser then takes
this server for a part of that site. The name still stands in the request's Host header.
"""

import ipaddress
import socket
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from corpus.errors import HostError
from service.settings.settings import Settings

ANY = "*"
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Hosts:
    """Names, in lower case; and whether every address in numbers is taken, or loopback ones only.

    An address in numbers is no name that somebody else could have given this machine's address.
    """

    names: frozenset[str]
    every_address: bool = False

    @classmethod
    def of(cls, settings: Settings, listening: str = _LOOPBACK) -> Self:
        """Return the names of a server that listens on an address, as `--host` gives it."""
        address = _address(listening)
        chosen = {each.strip().lower() for each in settings.allowed_hosts.split(",")}
        base = urlsplit(settings.base_url).hostname or ""
        names = chosen | {listening.lower(), base, socket.gethostname().lower()}
        return cls(frozenset(names - {""}), address is not None and address.is_unspecified)

    def require(self, header: str | None) -> None:
        """Return if a Host header names this server. Raises: HostError.

        >>> Hosts(frozenset()).require("localhost:8000")
        """
        name = _name_in(header or "")
        if name and self._has(name):
            return
        raise HostError(
            "Without a key, a request must name this server in its Host header; found "
            f"{header!r:.100}. Open it as 127.0.0.1 or localhost, send a key, or start it with "
            "this name in CITEWELL_ALLOWED_HOSTS."
        )

    def _has(self, name: str) -> bool:
        if name in self.names or ANY in self.names:
            return True
        if name == "localhost" or name.endswith(".localhost"):
            return True
        address = _address(name)
        return address is not None and (self.every_address or address.is_loopback)


def _name_in(header: str) -> str:
    """Return the name in a Host header, without its port; empty if it is none."""
    try:
        found = urlsplit(f"//{header}")
        _ = found.port  # raises for a port that is none
    except ValueError:
        return ""
    if found.netloc != header or "@" in header:
        return ""
    return (found.hostname or "").removesuffix(".")


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
