"""A template to a response. Everything that a template prints is escaped."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from service.http.web.viewer import say, viewer
from service.messages.catalogue import LANGUAGES
from service.settings.version import installed_version

FOLDER = Path(__file__).parent

# Where the pages are, as the bar names them (`shell.<name>`), and the shortcut after `g`.
NAVIGATION: tuple[tuple[str, str, str], ...] = (
    ("ask", "/", "a"),
    ("library", "/library", "l"),
    ("find", "/find", "f"),
    ("notebook", "/notebook", "n"),
)
_FILTERS: dict[str, Callable[..., object]] = {}


def filters(**named: Callable[..., object]) -> None:
    """Give templates more filters, by name."""
    _FILTERS.update(named)


def html(template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a template's page; `here` is the template's name without its ending."""
    text = fragment(template, **values)
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language, Cookie"}
    return HTMLResponse(text.encode("utf-8", "replace"), status, headers=headers)


def fragment(template: str, **values: object) -> str:
    """Return a template's markup, for a place in a page."""
    shown = {"here": template.removesuffix(".html"), "viewer": viewer(), **values}
    return _environment().get_template(template).render(shown)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= _FILTERS
    environment.globals |= {
        "version": installed_version(),
        "say": say,
        "navigation": NAVIGATION,
        "languages": LANGUAGES,
    }
    return environment
