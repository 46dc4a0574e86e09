"""The messages of the pages: every language has all of them, and templates name no other."""

import re
import string
from pathlib import Path

import pytest

from service.messages.catalogue import FOLDER, LANGUAGES, Messages, messages_of

SERVICE = FOLDER.parent
WEB = SERVICE / "http" / "web"
FORMS = {"en": {"one", "other"}, "fr": {"one", "other"}, "es": {"one", "other"}}
FORMS["ru"] = {"one", "few", "many"}


def values_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def forms_of(messages: Messages, name: str) -> dict[str, str]:
    text = messages.by_name[name]
    return {"": text} if isinstance(text, str) else dict(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_message_with_its_values_and_forms(language: str) -> None:
    english, other = messages_of("en"), messages_of(language)
    assert other.by_name.keys() == english.by_name.keys()
    for name in english.by_name:
        forms = forms_of(other, name)
        plural = set(forms_of(english, name)) != {""}
        assert set(forms) == (FORMS[language] if plural else {""}), name
        wanted = set().union(*map(values_of, forms_of(english, name).values()))
        for text in forms.values():
            assert text.strip(), name
            assert values_of(text) | {"count"} == wanted | {"count"}, name


def test_templates_and_code_name_messages_that_exist() -> None:
    known = messages_of("en").by_name.keys()
    areas = {name.partition(".")[0] for name in known}
    files = [
        *(WEB / "templates").glob("*.html"),
        *WEB.rglob("*.py"),
        *(SERVICE / "rendering").glob("*.py"),
    ]
    for file in files:
        for name in re.findall(r'\bsay\(\s*"([a-z_]+\.[a-z_]*)"', Path(file).read_text("utf-8")):
            area, _, rest = name.partition(".")
            assert name in known if rest else area in areas, f"{file.name}: {name}"
