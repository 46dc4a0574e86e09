"""Which searches find candidates."""

from typing import Literal

Mode = Literal["hybrid", "dense", "lexical"]
