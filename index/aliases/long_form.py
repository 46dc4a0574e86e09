"""The words that an acronym stands for.

*Source:* Schwartz and Hearst, A Simple Algorithm for Identifying Abbreviation Definitions in
Biomedical Text, PSB 2003.
"""

SMALL_WORDS = frozenset(
    "a an and for in of on the to with de del des du el et la las le les los para por y".split()
)


def is_acronym(text: str) -> bool:
    """Tell whether a text is one word of two letters or more, most of them capitals."""
    letters = [character for character in text if character.isalpha()]
    capitals = sum(character.isupper() for character in letters)
    return " " not in text and len(letters) >= 2 and 2 * capitals > len(letters)


def best_long_form(short: str, candidate: str) -> str | None:
    """Return the end of the candidate that holds the short form's characters in order.

    They are matched from right to left; the first one must begin a word. None if they are not all
    there.

    *Source:* Schwartz and Hearst 2003, figure 1, findBestLongForm.
    """
    at = len(candidate) - 1
    for index in range(len(short) - 1, -1, -1):
        wanted = short[index].lower()
        if not wanted.isalnum():
            continue
        while at >= 0 and (
            candidate[at].lower() != wanted
            or (index == 0 and at > 0 and candidate[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
        at -= 1
    begin = candidate.rfind(" ", 0, at + 1) + 1
    return candidate[_before_small_words(candidate, begin, short[0]) :]


def _before_small_words(candidate: str, begin: int, first: str) -> int:
    """Return where a long form begins that would begin with `of`: at the word before that fits.

    So `Office of Legal Affairs`, not `of Legal Affairs`, is OLA.
    """
    words = candidate[:begin].split()
    if candidate[begin:].partition(" ")[0] not in SMALL_WORDS:
        return begin
    for index in range(len(words) - 1, max(-1, len(words) - 4), -1):
        if words[index][0].lower() == first.lower() and words[index] not in SMALL_WORDS:
            return candidate.rfind(words[index], 0, begin)
    return begin
