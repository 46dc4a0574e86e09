"""The language of a quote, said where it is another than English."""

from service.values.answer import Citation

_NAMES = {
    "ar": "Arabic",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "pt": "Portuguese",
    "ru": "Russian",
    "zh": "Chinese",
}


def spoken(citation: Citation) -> str:
    """Return which language a quote is in; empty for English, and where it is not known.

    A language without a name here is called by its code.
    """
    code = (citation.language or "").partition("-")[0].lower()
    return "" if code in ("", "en") else _NAMES.get(code, f"language {code}")
