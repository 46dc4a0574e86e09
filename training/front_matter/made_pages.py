"""Layouts of made reports without a cover: briefs, papers, releases, forms, excerpts."""

from training.front_matter.made_phrases import BRIEF_KINDS, FIRST, HEADINGS, LISTS, MONTHS, THEMES
from training.front_matter.made_reports import (
    NOTHING,
    MadeReport,
    Maker,
    embedded,
    file_name,
    titles_of,
)

_ORDINALS = ("First", "Third", "Twelfth", "Forty-first", "Seventy-second", "112th", "24th")


def brief(maker: Maker) -> MadeReport:
    """A brief or newsletter: its kind in the largest letters, the title smaller below."""
    rng, phrases = maker.rng, maker.phrases
    language = rng.choice(("en", "en", "fr", "es"))
    title, body = phrases.title(language), phrases.organisation()
    printed, date = phrases.date(language)
    kind = rng.choice(BRIEF_KINDS[language])
    together = rng.random() < 0.5
    maker.add(
        f"{kind} {printed}" if together else kind, rng.uniform(1.6, 2.6), bold=rng.random() < 0.3
    )
    if not together:
        maker.add(f"{body} | {printed}" if rng.random() < 0.5 else printed, 1.0)
    upper = rng.random() < 0.4
    maker.add(title.upper() if upper else title, rng.uniform(1.0, 1.6), bold=True)
    maker.gap()
    names_body = rng.random() < 0.7
    if names_body:
        maker.add(f"{body}")
    for _ in range(3):
        maker.add(rng.choice(HEADINGS[:8]), rng.uniform(1.1, 1.5), bold=rng.random() < 0.5)
        maker.body(4)
    maker.turn()
    maker.fill(rng.randint(0, 2), kind)
    return MadeReport(
        maker.reading(**embedded(maker, title)), file_name(maker, title),
        (*titles_of(title), f"{kind}: {title}"), (body,) if names_body else (body, None), (date,),
    )  # fmt: skip


def paper(maker: Maker) -> MadeReport:
    """A working paper: series and number, title, authors, place and date."""
    rng, phrases = maker.rng, maker.phrases
    title, body = phrases.title(), phrases.organisation()
    printed, date = phrases.date()
    maker.add(
        f"{rng.choice(LISTS['series'])} No. {rng.randint(3, 999)}",
        1.2,
    )
    first = rng.random() < 0.5
    if first:
        maker.add(body, rng.uniform(1, 1.4), bold=rng.random() < 0.5, centred=True)
    maker.gap(2)
    maker.add(title, rng.uniform(1.3, 2.2), bold=rng.random() < 0.7, centred=True)
    maker.gap(2)
    for _ in range(rng.randint(1, 3)):
        maker.add(phrases.person(), 1.1, centred=True)
    if not first:
        maker.add(body, 1.0, centred=True)
    maker.add(printed, 1.0, centred=True)
    maker.add("Abstract", 1.1, bold=True)
    maker.body(6)
    maker.turn()
    maker.fill(3, title if rng.random() < 0.4 else None)
    return MadeReport(
        maker.reading(**embedded(maker, title)), file_name(maker, title), (title,), (body,), (date,)
    )


def release(maker: Maker) -> MadeReport:
    """A press release or statement: date, headline, place and text."""
    rng, phrases = maker.rng, maker.phrases
    body = phrases.organisation()
    title = f"{body} {rng.choice(LISTS['news'])} {phrases.title().lower()}"
    printed, date = phrases.date()
    if rng.random() < 0.5:
        maker.add(rng.choice(("Press release", "FOR IMMEDIATE RELEASE", "News")), 1.1, bold=True)
    above = rng.random() < 0.5
    if above:
        maker.add(printed, 1.0)
    upper = rng.random() < 0.3
    maker.add(title.upper() if upper else title, rng.uniform(1.1, 2.4), bold=True)
    for _ in range(rng.randint(0, 2)):
        maker.add("• " + phrases.sentence(), 1.0, bold=rng.random() < 0.5)
    maker.add(
        f"{rng.choice(LISTS['places_of_issue'])}{'' if above else ', ' + printed} – {body} said. "
        + phrases.sentence() * 2
    )
    for _ in range(4):
        maker.body(3)
    return MadeReport(
        maker.reading(**embedded(maker, title)), file_name(maker, title), (title,), (body,), (date,)
    )


def labelled(maker: Maker) -> MadeReport:
    """A form of labelled lines under a title: management responses, fact sheets, profiles."""
    rng, phrases = maker.rng, maker.phrases
    title, body = phrases.title(rng.choice(("en", "en", "fr"))), phrases.organisation()
    printed, date = phrases.date()
    head = rng.choice(
        (
            None,
            "MANAGEMENT RESPONSE",
            "Project profile",
            "Terms of reference",
            f"Brief on {phrases.title().lower()}",
        )
    )
    if head:
        maker.add(head, rng.uniform(0.95, 1.3), bold=rng.random() < 0.6)
    maker.add(title, rng.uniform(1.3, 2.4), bold=rng.random() < 0.8)
    colon = rng.choice((":", ""))
    rows = [
        f"{rng.choice(LISTS['publisher_labels'])}{colon} {body}",
        f"{rng.choice(LISTS['date_labels'])}{rng.choice((':', ''))} {printed}",
        f"Coordinator: {phrases.person()}",
        f"Region {rng.choice(('Africa', 'Asia', 'Europe'))}",
        f"Symbol XY/{rng.randint(1, 99)}/{rng.randint(1, 99)}",
        f"Also known as {phrases.title()}",
    ]
    rng.shuffle(rows)
    for row in rows:
        maker.add(row)
    maker.gap()
    for _ in range(3):
        maker.add(rng.choice(HEADINGS), 1.3, bold=True)
        maker.body(4)
    maker.turn()
    maker.fill(2, title if rng.random() < 0.5 else None)
    titles = titles_of(title) + ((f"{head} {title}", f"{head}: {title}", head) if head else ())
    return MadeReport(
        maker.reading(**embedded(maker, title)), file_name(maker, title), titles, (body,), (date,)
    )


def excerpt(maker: Maker) -> MadeReport:
    """Pages out of the middle of a report, with the report's name as a running line or without."""
    rng, phrases = maker.rng, maker.phrases
    title, start = phrases.title(), rng.randint(3, 180)
    if rng.random() < 0.3:
        title = " ".join(word.capitalize() for word in rng.choice(THEMES["en"]).split())
    running = rng.random() < 0.5
    printed, date = phrases.date()
    dated = running and rng.random() < 0.35
    body = phrases.organisation() if running and rng.random() < 0.15 else None
    header = None if not running else f"{title}, {printed}" if dated else title
    if header and body:
        header = f"{body}, {header}"
    if running and rng.random() < 0.25:
        header = str(header).upper()
    only_body = not running and rng.random() < 0.25
    if only_body:
        body = header = phrases.organisation()
    foot, apart, word = rng.random() < 0.6, rng.random() < 0.3, rng.choice(("", "", "Page "))
    for at in range(rng.choice((1, 1, 2, 3, 3, 4))):
        number = start + at
        odd = rng.random() < 0.75 or at == 0
        name = header if odd else f"{rng.choice(('Chapter', 'Appendix'))} {rng.randint(1, 9)}"
        both = f"{number} {name}" if number % 2 and not word else f"{name} {word}{number}"
        edge = [str(name), str(number)] if apart else [both]
        if header and not foot:
            for line in edge:
                maker.add(line, 0.8, bold=rng.random() < 0.5)
        _middle(maker)
        if header and foot:
            for line in edge:
                maker.add(line, 0.8)
        elif not header:
            marks = ("{}", "ES-{}", "Appendix B {}", "3 - {}", "Chapter II {}")
            maker.add(rng.choice(marks).format(number), 0.9)
        maker.turn()
    reading = maker.reading(title=None, publisher=None, label=str(start))
    right = (title, str(header)) if running else NOTHING
    name = rng.choice((f"part_{start}.pdf", f"x-{start}.pdf", f"us-{rng.randint(1, 99):03}.pdf"))
    return MadeReport(
        reading, name, right, (body,) if only_body else (body, None),
        (date,) if dated else NOTHING,
    )  # fmt: skip


def _middle(maker: Maker) -> None:
    """Set a page that begins in a sentence, with a heading, or with a table."""
    rng, phrases = maker.rng, maker.phrases
    kind, bold = rng.random(), rng.random() < 0.15
    if rng.random() < 0.15:
        maker.add(
            rng.choice(("Supplement", "Contains draft text", "For internal use")), 0.9, bold=True
        )
    if kind < 0.4:
        maker.add(phrases.sentence()[20:] + " " + phrases.sentence(), bold=bold)
    elif kind < 0.7:
        heading = rng.choice(
            (rng.choice(HEADINGS), phrases.title(), rng.choice(THEMES["en"]).title())
        )
        upper = rng.random() < 0.4
        maker.add(heading.upper() if upper else heading, rng.uniform(1, 1.7), bold=True)
    else:
        maker.add(
            f"{rng.choice(('Table', 'Exhibit', 'Figure'))} {rng.randint(1, 20)}. {phrases.title()}",
            rng.uniform(0.9, 1.1),
            bold=True,
        )
        for _ in range(rng.randint(5, 14)):
            maker.add(
                f"{rng.choice(FIRST)} {rng.randint(1, 999)} {rng.randint(1, 999)}",
                0.9,
            )
        maker.add(
            f"Source: {phrases.organisation()}, {rng.choice(MONTHS)} {rng.randint(1990, 2012)}.",
            0.8,
        )
    for _ in range(rng.randint(3, 6)):
        maker.body(rng.randint(2, 4), bold=bold)
    if rng.random() < 0.4:
        maker.add(phrases.title(), rng.uniform(1.0, 1.4), bold=True)
        maker.body(3, bold=bold)
