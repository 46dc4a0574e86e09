"""Whether a question asks for a summary, and of what."""

import re

_ASKS = re.compile(
    r"(?:^|(?<=\ba )|(?<=\ban )|(?<=\bme ))(?:summary|overview)\s+(?=of\b|about\b|on\b)|"
    r"\b(?:summari[sz](?:e|ing)|sum(?:med)?\s+up|in\s+short\b|in\s+brief\b|"
    r"(?:key|main)\s+(?:points|takeaways|findings|messages)|short\s+version|in\s+a\s+nutshell|"
    r"puntos\s+(?:clave|principales)|points\s+(?:clés|forts))\b|"
    r"^\W*(?:resum(?:e|ir|en\s+de)|résum(?:e[rz]?|é\s+de))\b",
    re.IGNORECASE,
)


def asked_of(text: str) -> str | None:
    """Return what a text asks a summary of; None where it asks for none.

    >>> asked_of("Summarise the brief on the Bali Process")
    'the brief on the Bali Process'
    """
    return _ASKS.sub(" ", text).strip() if _ASKS.search(text) else None
