"""Languages by their names."""

from service.messages.catalogue import DEFAULT, messages_of
from service.values.answer import Citation


def language_name(code: str | None, language: str = DEFAULT) -> str:
    """Return the name of a language; its code where it has no name here, empty for none.

    >>> language_name("fr-CA"), language_name("tg"), language_name(None)
    ('French', 'language tg', '')
    """
    short = (code or "").partition("-")[0].lower()
    if not short:
        return ""
    messages, name = messages_of(language), f"language.{short}"
    return messages.say(name if name in messages.by_name else "language.other", code=short)


def spoken(citation: Citation) -> str:
    """Return which language a quote is in; empty for English, and where it is not known."""
    code = citation.language or ""
    return "" if code.partition("-")[0].lower() == DEFAULT else language_name(code)
