"""Generators: what writes a draft of an answer from its quotes. None is needed, none is trusted."""

from service.generators.generator import Generator
from service.settings import Settings


def open_generator(settings: Settings) -> Generator | None:
    """Return the generator that the settings name; None where answers are quotes alone."""
    if not settings.generator_url:
        return None
    from service.generators.openai_compatible import OpenAICompatible

    return OpenAICompatible(
        url=settings.generator_url,
        model=settings.generator_model,
        key=settings.generator_key,
        timeout_s=settings.generator_timeout_s,
    )
