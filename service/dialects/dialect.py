"""A dialect: the routes of somebody else's API, and how that API writes errors."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from fastapi import APIRouter
from fastapi.routing import APIRoute

from service.wire.problems import Problem


@dataclass(frozen=True)
class Dialect:
    """An API of others that is answered here.

    `name` is the tag of its routes in the OpenAPI description, `description` what stands there
    beside it. `error` returns the body of an error as that API's clients read it.
    """

    name: str
    description: str
    router: APIRouter
    error: Callable[[Problem], dict[str, object]]

    @cached_property
    def paths(self) -> frozenset[str]:
        """The paths of its routes, each up to its first parameter."""
        routes = (each for each in self.router.routes if isinstance(each, APIRoute))
        return frozenset(each.path.partition("/{")[0] for each in routes)

    def has(self, path: str) -> bool:
        """Tell whether a path is one of its own, or below one."""
        return any(path == own or path.startswith(f"{own}/") for own in self.paths)
