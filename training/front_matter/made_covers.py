"""Made covers of which a block apart from the title tells which part of a report it is."""

from collections.abc import Callable

from training.front_matter.made_layouts import LAYOUTS
from training.front_matter.made_phrases import HEADINGS, LISTS, SUBTITLES
from training.front_matter.made_reports import MadeReport, Maker, embedded, file_name, titles_of

_NUMERALS = ("I", "II", "III", "IV", "VI", "2", "3", "A")


def part_of(maker: Maker) -> str:
    """Return what tells one part of a report from another: a country, a volume, an annex."""
    rng, phrases = maker.rng, maker.phrases
    place = rng.choice(LISTS["part_places"])
    kind = rng.choice(LISTS["part_kinds"])
    numbered = f"{rng.choice(LISTS['part_numbered'])} {rng.choice(_NUMERALS)}"
    return rng.choice(
        (
            f"{kind}: {place}",
            f"{kind} – {place}",
            f"{place} {kind.lower()}",
            f"{numbered}: {phrases.title()}",
            numbered,
            kind,
            rng.choice(SUBTITLES),
            phrases.title(),
        )
    )


def split_cover(maker: Maker) -> MadeReport:
    """A cover whose subtitle stands apart, below a rule, a picture, or what else is printed."""
    rng, phrases = maker.rng, maker.phrases
    title, body, part = phrases.title(), phrases.organisation(), part_of(maker)
    printed, date = phrases.date()
    large, centred, upper = rng.uniform(1.6, 3.2), rng.random() < 0.4, rng.random() < 0.3
    size = large * rng.uniform(0.45, 1.0)
    if rng.random() < 0.4:
        maker.add(body, rng.uniform(0.9, 1.6), bold=rng.random() < 0.5, centred=centred)
    if rng.random() < 0.3:
        maker.add(rng.choice(LISTS["series"]), rng.uniform(0.9, 1.4), centred=centred)
    maker.gap(rng.uniform(0, 6))
    bold = rng.random() < 0.6
    maker.add(title.upper() if upper else title, large, bold=bold, centred=centred, narrow=0.8)
    between: list[Callable[[], None]] = [
        lambda: maker.add(printed, rng.uniform(0.9, 1.4), centred=centred),
        lambda: maker.add(body, rng.uniform(0.9, 1.5), centred=centred),
        lambda: maker.add(phrases.person(), rng.uniform(0.9, 1.2), centred=centred),
    ]
    rng.shuffle(between)
    before = rng.choice((0, 0, 0, 1, 1, 2))
    for other in between[:before]:
        maker.gap(rng.uniform(0, 2))
        other()
    maker.gap(rng.uniform(0.3, 18))
    with_part = rng.random() < 0.8
    if with_part:
        maker.add(part, size, bold=rng.random() < 0.5, centred=centred, narrow=0.8)
    for other in between[before : before + rng.randint(0, 2)]:
        maker.gap(rng.uniform(0.3, 8))
        other()
    maker.turn()
    maker.add(rng.choice(HEADINGS), 1.4, bold=True)
    maker.body(4)
    maker.turn()
    maker.fill(2, title if rng.random() < 0.4 else None)
    return MadeReport(
        maker.reading(**embedded(maker, title)), file_name(maker, title), titles_of(title, part),
        (body,), (date,), (part if with_part else None,),
    )  # fmt: skip


COVERS = (*LAYOUTS, *(split_cover,) * 8)
"""The layouts that subtitles are fitted on."""
