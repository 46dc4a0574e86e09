"""Which citewell this is."""

from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    """Return the installed version, or `0` in a checkout that is not installed."""
    try:
        return version("citewell")
    except PackageNotFoundError:
        return "0"
