"""The generator that the settings name, if they name one."""

from service.answering.generation.generator import Generator
from service.settings.settings import Settings


def open_generator(settings: Settings) -> Generator | None:
    """Return the generator that the settings name; None where answers are quotes alone."""
    if not settings.generator_url:
        return None
    from service.answering.generation.openai_compatible import OpenAICompatible

    return OpenAICompatible(
        url=settings.generator_url,
        model=settings.generator_model,
        key=settings.generator_key,
        timeout_s=settings.generator_timeout_s,
    )
