"""The names of the months, in English, Spanish and French."""

MONTHS = (
    "january february march april may june july august september october november december "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre "
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
).split()


def month_number(name: str) -> int | None:
    """Return the number of a month by its whole name, in any case, 1..12; None for other words.

    >>> month_number("Août")
    8
    """
    folded = name.casefold()
    return MONTHS.index(folded) % 12 + 1 if folded in MONTHS else None
