"""Which addresses are this machine's own."""

import ipaddress


def is_loopback(address: str) -> bool:
    """Return whether an address is of this machine; what is no address is (a socket file, a test).

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("192.0.2.7")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return True
