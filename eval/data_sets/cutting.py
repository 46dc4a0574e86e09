"""How a data set's documents become passages."""

from typing import Literal

Cutting = Literal["whole", "chunked"]
