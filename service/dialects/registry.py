"""The dialects that are answered. A new one is a package beside these and its line here."""

from service.dialects.anthropic.routes import ANTHROPIC
from service.dialects.cohere.routes import COHERE
from service.dialects.dialect import Dialect
from service.dialects.openai.routes import OPENAI

DIALECTS: tuple[Dialect, ...] = (OPENAI, ANTHROPIC, COHERE)
