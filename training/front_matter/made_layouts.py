"""The layouts of made reports, and those of whole reports: covers and mastheads."""

from collections.abc import Callable

from training.front_matter.made_pages import brief, excerpt, labelled, paper, release
from training.front_matter.made_phrases import (
    BODIES,
    HEADINGS,
    LISTS,
    MONTHS,
    SUBTITLES,
)
from training.front_matter.made_reports import (
    MadeReport,
    Maker,
    embedded,
    file_name,
    sub_of,
    titles_of,
)

_ORDINALS = ("First", "Third", "Twelfth", "Forty-first", "Seventy-second", "112th", "24th")


def cover(maker: Maker) -> MadeReport:
    """A cover with large letters, the parts in any order, then an imprint or contents."""
    rng, phrases = maker.rng, maker.phrases
    language = rng.choice(("en", "en", "en", "es", "fr"))
    title, body = phrases.title(language), phrases.organisation()
    printed, date = phrases.date(language)
    large, centred, upper = rng.uniform(1.5, 3.4), rng.random() < 0.5, rng.random() < 0.3
    sub = rng.choice((*SUBTITLES, phrases.title(language))) if rng.random() < 0.5 else None
    parts: list[Callable[[], None]] = [
        lambda: maker.add(printed, rng.uniform(0.9, 1.5), bold=rng.random() < 0.4, centred=centred),
        lambda: maker.add(body, rng.uniform(0.9, 1.8), bold=rng.random() < 0.5, centred=centred),
    ]
    if rng.random() < 0.5:
        who = rng.choice(("Author: ", "Prepared by ", "", "By "))
        parts.append(
            lambda: maker.add(who + phrases.person(), rng.uniform(0.9, 1.4), centred=centred)
        )

    series = None
    if rng.random() < 0.5:
        series = rng.choice(SUBTITLES)
        parts.append(
            lambda: maker.add(str(series), large * rng.uniform(0.5, 0.85), centred=centred)
        )

    def set_title() -> None:
        shown = title.upper() if upper else title
        maker.gap(2)
        maker.add(
            shown, large, bold=rng.random() < 0.6, centred=centred, narrow=rng.uniform(0.5, 1)
        )
        if sub:
            bold = rng.random() < 0.5
            maker.add(sub, large * rng.uniform(0.5, 0.95), bold=bold, centred=centred)
        maker.gap(2)

    rng.shuffle(parts)
    parts.insert(rng.choice((0, 0, rng.randint(0, len(parts)))), set_title)
    for part in parts:
        part()
        maker.gap()
    maker.turn()
    if rng.random() < 0.6:
        maker.add(f"© {date[:4]} {body}. All rights reserved.", 0.9)
        maker.add("Telephone: 555 0100; www.example.org", 0.9)
        maker.body(2)
    else:
        maker.add(rng.choice(("Contents", "Table of contents")), 1.4, bold=True)
        for number in range(1, 8):
            maker.add(f"{number}. {rng.choice(HEADINGS)} ............................ {number * 3}")
    maker.turn()
    maker.fill(3, title if rng.random() < 0.4 else None)
    return MadeReport(
        maker.reading(**embedded(maker, title)), file_name(maker, title),
        titles_of(title, *([sub] if sub else [])), (body,), (date,),
        tuple(dict.fromkeys((sub, series))),
    )  # fmt: skip


def masthead(maker: Maker) -> MadeReport:
    """A document of a governing body: masthead, number, session, agenda item, title, byline."""
    rng, phrases = maker.rng, maker.phrases
    title, body = phrases.title(), phrases.organisation()
    printed, date = phrases.date()
    code = f"{rng.choice('ABCGS')}{rng.choice('BCR')}/{rng.randint(1, 90)}/{rng.randint(1, 400)}"
    organ, number = rng.choice(BODIES), rng.choice(_ORDINALS)
    maker.add(
        f"{body} {code}" if rng.random() < 0.6 else body,
        rng.uniform(1.2, 1.9),
        bold=rng.random() < 0.5,
    )
    label = rng.choice(("", "Distr.: General", "Restricted", ""))
    maker.add(f"{organ} {label}".strip(), rng.uniform(1.2, 2), bold=rng.random() < 0.5)
    for line in (printed, rng.choice(("Original: English", "English only", "For decision"))):
        maker.add(line)
    if rng.random() < 0.3:
        maker.add(code)
    maker.add(f"{number} session", bold=rng.random() < 0.6)
    maker.add(f"{rng.choice(('Geneva', 'Rome', 'Nairobi'))}, 3–7 {rng.choice(MONTHS)} {date[:4]}")
    maker.add(
        f"{rng.choice(('Item', 'Agenda item', 'Provisional agenda item'))} {rng.randint(2, 40)}"
    )
    if rng.random() < 0.5:
        maker.add(phrases.title(), bold=rng.random() < 0.7, narrow=0.6)
    maker.gap(rng.uniform(0.5, 2))
    upper, alike = rng.random() < 0.15, rng.random() < 0.2
    shown = title.upper() if upper or alike else title
    maker.add(shown, 1.0 if alike else rng.uniform(1.2, 1.6), bold=not alike, narrow=0.8)
    byline = None
    if rng.random() < 0.7:
        byline = rng.choice(LISTS["bylines"])
        maker.add(byline, 1.0 if alike else 1.18, bold=rng.random() < 0.6)
    maker.gap()
    maker.add(rng.choice(("Summary", "I. Introduction", "1. Introduction")), 1.2)
    for _ in range(4):
        maker.body(4)
    maker.turn()
    digitized = "Digitized by the Central Library"
    maker.fill(3, rng.choice((code, code, digitized)), foot=rng.random() < 0.5)
    return MadeReport(
        maker.reading(**embedded(maker, title)), f"{code.replace('/', '_')}.pdf",
        titles_of(title, *([byline] if byline else [])), (body, organ), (date,), (byline,),
    )  # fmt: skip


def letter(maker: Maker) -> MadeReport:
    """A letter that is named by its heading, under a masthead."""
    rng, phrases = maker.rng, maker.phrases
    body = phrases.organisation()
    printed, date = phrases.date()
    other = f"{rng.randint(1, 28)} {rng.choice(MONTHS)} {date[:4]}"
    country = rng.choice(("Chile", "Ghana", "Norway"))
    title = (
        f"{rng.choice(LISTS['letters'])} {other} from the {rng.choice(LISTS['writers'])} of "
        f"{country} addressed to the {rng.choice(LISTS['receivers'])}"
    )
    maker.add(body, 1.6, bold=rng.random() < 0.5)
    maker.add(rng.choice(("Distr.: General", "For information", "Circular 14/2")), 1.0)
    maker.add(printed)
    if rng.random() < 0.4:
        maker.add(phrases.title(), 1.0, bold=True, narrow=0.6)
    maker.gap()
    maker.add(title, rng.uniform(1.0, 1.3), bold=rng.random() < 0.85)
    maker.gap()
    maker.body(4)
    maker.body(3)
    maker.add(f"(Signed) {phrases.person()}", 1.1)
    maker.turn()
    maker.fill(1)
    return MadeReport(
        maker.reading(**embedded(maker, title)), file_name(maker, title), (title,), (body,), (date,)
    )


def official(maker: Maker) -> MadeReport:
    """A cover of a body's official report: small masthead, large title, session, series."""
    rng, phrases = maker.rng, maker.phrases
    body, organ = phrases.organisation(), rng.choice(BODIES)
    title = f"{rng.choice(('Report of the', 'Proceedings of the', 'Annual report of the'))} {organ}"
    alone = rng.random() < 0.25
    sessions = rng.choice((1, 1, 2, 3))
    session = (
        f"{rng.choice(_ORDINALS)} session (3–14 {rng.choice(MONTHS)} {2000 + rng.randint(1, 24)})"
    )
    year = str(rng.randint(1999, 2025))
    maker.add(f"AB/{rng.randint(1, 90)}/{rng.randint(1, 90)}", 0.9)
    maker.add(body, 1.7, bold=True)
    maker.gap(3)
    maker.add(organ if alone else title, rng.uniform(2, 2.8), bold=True, narrow=0.5)
    maker.gap(rng.uniform(0, 2))
    if alone:
        title = "Report on the " + session
        session = title
    times = rng.uniform(1.3, 1.9)
    held = []
    for at in range(sessions):
        other = f"{rng.choice(_ORDINALS)} session (8–19 {rng.choice(MONTHS)} {year})"
        held.append(other if at else session)
        maker.add(held[-1], times, bold=True, narrow=0.6)
    maker.gap(3)
    maker.add(rng.choice(("General Conference", "Council", "Assembly")), 1.7, bold=True)
    maker.add("Official Records", 1.2, bold=True)
    maker.add(f"Supplement No. {rng.randint(1, 60)}", 1.2, bold=True)
    maker.turn()
    if rng.random() < 0.5:
        maker.add("AB/90", 0.9)
        maker.turn()
    maker.add(sub_of(maker), 0.9)
    maker.add(organ if alone else title, 1.8, bold=True)
    if alone:
        maker.add(title, 1.3, bold=True)
    maker.add(
        f"{body} • {rng.choice(('New York', 'Geneva', 'Rome'))}, {year}",
        1.2,
        bold=rng.random() < 0.5,
    )
    maker.turn()
    maker.fill(2)
    return MadeReport(
        maker.reading(**embedded(maker, title)),
        file_name(maker, title),
        (f"{organ} {title}", f"{organ}: {title}", title) if alone else titles_of(title, session),
        (body,),
        (year,),
        (" ".join(held),),
    )


LAYOUTS: tuple[Callable[[Maker], MadeReport], ...] = (
    cover,
    masthead,
    excerpt,
    brief,
    cover,
    paper,
    masthead,
    official,
    release,
    excerpt,
    labelled,
    letter,
    excerpt,
)
