"""What a question asks, told apart from where it says to look.

"According to the 2019 survey of IOM, how many States answered?" names a report and asks something
of it. Left in the query, the name drowns the question: title pages and summaries, which hold its
words, come first. So the name is searched for by itself, to find the documents that it means, and
passages are ranked by the rest.

A question can be taken apart in several ways: "In Table 6 of the report on trimer, …" names the
report or the table of it. All of them are made here; which one is right, the documents tell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_KIND = (
    r"analys[ei]s|annex|appendix|articles?|assessments?|audit|brief(?:ing)?s?|bulletin|chapter|"
    r"compilation|declaration|diagnostic|document|evaluation|exhibit|factsheet|findings|glossary|"
    r"guid(?:e|ance)|guidelines?|handbook|highlights|manual|minutes|note|outlook|page|paper|piece|"
    r"plan|profile|projections|publication|recommendations?|record|reports?|resolution|review|"
    r"statement|strategy|stud(?:y|ies)|summar(?:y|ies)|supplement|survey|tables?|update|"
    r"diagnóstico|documento|encuesta|estudio|evaluación|informe|memoria|nota|resumen|"
    r"rapport|étude|évaluation|enquête|résumé|relatório|estudo|avaliação"
)
_SAYS = (
    r"according to|as (?:described|explained|found|given|listed|mentioned|noted|quoted|recorded|"
    r"reported|said|set out|shown|stated) (?:by|in)|as (?:by|in|per)|citing|going by|judging by|"
    r"per(?=\s+(?:the\b|(?-i:[A-Z\d])|\w+['’]s\b))|sa(?:ys|id) (?:by|in)|says|"
    r"según|de acuerdo con|conforme a|selon|d['’]après|segundo|de acordo com"
)
_PLACE = r"at|by|from|in|of|on|out of|under|with|within|del?|en|dans|du|em|n[ao]"
_DOES = r"does|do|did|has|have"
_TELLS = (
    r"argu|attribut|call|class|cit|conclud|count|defin|describ|estimat|explain|expect|find|found|gav|"
    r"giv|has it|have it|"
    r"identif|leav|list|mention|nam|not|propos|put|quot|recommend|record|regard|report|say|said|set|"
    r"show|stat|suggest|tell|treat"
)
_ASKS = (
    r"(?:(?:at|by|for|from|in|of|on|to|under|with|within) )?"
    r"(?:how|what|when|where|which|who|whom|whose|why)|"
    r"are|can|could|describe|did|do|does|explain|give|had|has|have|is|list|name|should|state|was|"
    r"were|will|would"
)
_LEAD = re.compile(
    rf"(?P<paren>\()|(?:^|(?<=[\s,;(]))(?:(?P<says>{_SAYS})|(?P<as>as)|(?P<place>{_PLACE})|"
    rf"(?P<does>{_DOES}))\s+(?=\S)",
    re.IGNORECASE,
)
# Where a name can end: before what is asked, before "says", or with the question.
_STOP = re.compile(
    rf"(?P<comma>,\s+)|(?P<colon>:\s+)|(?P<asks>\s+(?=¿))|(?P<end>\s*[?.]?\s*$)|"
    rf"(?P<tells>\s+(?=(?:{_TELLS})(?:[est]|e[sdn]|ing)?\b))|"
    r"(?P<is>\s+(?=(?:had|has|have|is|are|was|were)\b))|(?P<opens>\()|(?P<closes>\))|"
    r"(?P<ends>[?!¿]|\.\s)",
    re.IGNORECASE,
)
# A/79/352, CW/ISCM/03, 10-P-0154; not COVID-19.
SYMBOL = re.compile(
    r"(?<![\w/-])(?=[\w./-]*\d)(?=[\w./-]*[A-Z])"
    r"(?:\w[\w.-]*(?:/\w[\w.-]*)+|\w+-\w+-[\w-]*\w)(?<![.-])"
)
_HEAD_ENDS = re.compile(
    r"[(,]|\s(?:about|at|by|for|from|in|of|on|to|with|de|del|sobre|sur|du|do|da)\s", re.IGNORECASE
)
_HAS_KIND = re.compile(rf"\b(?:{_KIND})\b", re.IGNORECASE)
# The Committee for Programme and Coordination's 2025 report.
_KIND_AT_END = re.compile(
    rf"(?:(?!\s(?:at|by|from|in|on)\s)[^,])+['’]s?\s(?:[\w-]+\s){{0,4}}(?:{_KIND})", re.IGNORECASE
)
_IS_ASKED = re.compile(rf"(?:{_ASKS}|compare|find|it|show|summari[sz]e|tell me)\b.*", re.IGNORECASE)
_HAS_VERB = re.compile(
    r"\b(?:be|been|are|can|could|did|do|does|had|has|have|how|is|may|was|were|what|when|which|who|"
    r"why|will|would|where|might)\b"
)
_DETERMINER = r"(?:the|a|an|its|this|that|these|their|el|la|los|las|le|les|o|os)"
_POINTS = re.compile(r"(?:its|his|her|their|this|that|these|those|our|su|sus|son|sa|ses)\s", re.I)
_BARE = re.compile(rf"(?:{_DETERMINER}\s+)?(?:{_KIND})", re.IGNORECASE)
_BEGINS_ASKING = re.compile(rf"[¿]|(?:{_ASKS})\b", re.IGNORECASE)
# A second name, or a clause, within what would be a name.
_GOES_ON = re.compile(
    rf":\s|,\s(?:{_SAYS}|{_PLACE})\s|\s(?:{_SAYS})\s|{SYMBOL.pattern}\)?\s(?!{_PLACE}|and|on|sobre)\w"
)
_IS_QUESTION = re.compile(
    r"(?:(?:at|by|for|from|in|of|on|to|under|with|within) )?"
    r"(?:are|can|could|did|do|does|had|has|have|how|is|should|was|were|what|when|where|which|whom?|"
    r"whose|why|will|would)\b",
    re.IGNORECASE,
)
# What stands for something said before: "…: how do they compare?"
_STANDS_FOR = re.compile(
    r"(?:\S+\s){0,3}(?:they|(?:which|what) ones|(?:both|them|the two)(?=\W*$))\b", re.IGNORECASE
)
_SAYS_NOTHING = frozenset(
    (
        "and are compare did differ does for from give had has have how its list many much name "
        "state than that the there was were what when where which who whom whose why amount "
        "amounts date dates earlier figure figures first larger later names number numbers total "
        "totals"
    ).split()
)
_IN = re.compile(r"in|does|do|did|en|dans", re.IGNORECASE)
_WORDS_OF_TELLING = 2
_LONGEST_QUESTION = 400
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Sourced:
    """A question in two: `named` is where to look, `asked` what is asked.

    `plain` tells that its words alone say so ("according to", a colon, a symbol), whatever
    documents there are.
    """

    named: str
    asked: str
    plain: bool = True

    @property
    def points(self) -> bool:
        """Whether the name only points at a document: "its 2025 report", "the annual report"."""
        return _POINTS.match(self.named) is not None or not _is_proper(self.named)


def readings_of(question: str) -> list[Sourced]:
    """Return the ways to take a question apart, the likeliest by its words first."""
    text = " ".join(question.split())
    if len(text) > _LONGEST_QUESTION:
        return []
    found: dict[Sourced, int] = {}
    for place in _places(text):
        sourced = Sourced(place.named, _with_subject(place, text), place.plain)
        if text.endswith("?") or _IS_ASKED.fullmatch(place.asked):
            found.setdefault(sourced, place.order)
    return sorted(found, key=lambda sourced: found[sourced])


def tell_apart(question: str) -> Sourced | None:
    """Return the source that a question names and what it asks of it; None if it names none.

    By its words alone: a name has a symbol, a kind of document ("report") with something beside
    it, or after "according to" or before a colon a capital letter or a digit after its first
    letter, so that "the report" and "In short: …" are none. And something must be asked: a
    statement with a colon in it names nothing.
    """
    return next(iter(readings_of(question)), None)


def _with_subject(place: "_Place", text: str) -> str:
    """Return what is asked, with what it is asked of where that stands in the name."""
    asked = place.asked
    says = any(word not in _SAYS_NOTHING for word in re.findall(r"\w{3,}", asked.casefold()))
    if place.form == 0 and (_STANDS_FOR.match(asked) or not says):
        return f"{place.named}: {place.after}"
    return asked if says else text


@dataclass(frozen=True, slots=True)
class _Place:
    """A part of a question where a name may stand: `lead` it `stop`, what is before and after."""

    lead: str
    lead_text: str
    before: str
    named: str
    after: str
    stop: str

    @property
    def form(self) -> int | None:
        """How likely a name stands so, 0 the likeliest; None where none does."""
        if self.lead == "start":
            if not self.after or _IS_QUESTION.match(self.named):
                return None
            if self.stop == "colon" and not self.is_document and _names_a_source(self.after):
                return None
            return {"colon": 0, "comma": 4, "tells": 4}.get(self.stop)
        if self.lead == "does":
            return 3 if self.stop == "tells" and self.after else None
        if self.lead == "as":
            # …, as the report puts it?
            ends = self.stop == "tells" and len(self.after.split()) <= _WORDS_OF_TELLING
            return 2 if self.before and ends else None
        if self.lead == "paren":
            return 5 if self.stop == "closes" and SYMBOL.search(self.named) else None
        if not self.before:
            return 1 if self.after and self.stop in {"comma", "colon", "asks"} else None
        if not self.after:
            return 2 if self.stop == "end" else None
        return 4 if self.stop in {"comma", "colon", "tells", "is"} else None

    @property
    def order(self) -> int:
        """Where the reading stands among those of a question; a name ends before what asks."""
        late = bool(self.after and self.form) and _BEGINS_ASKING.match(self.after) is None
        return 10 * (not self.plain) + 2 * (self.form or 0) + late

    @property
    def plain(self) -> bool:
        """Whether the words alone say that a source is named."""
        if self.form == 0:
            return self.has_kind or _is_proper(self.named)
        if self.lead in {"says", "as"}:
            return self.has_kind or SYMBOL.search(_head(self.named)) is not None
        return SYMBOL.search(self.named) is not None

    @property
    def asked(self) -> str:
        """What is left to ask; "it" where the name was what tells."""
        if self.lead == "does":
            return f"{self.before} {self.lead_text} it {self.after}".strip()
        if self.lead == "as":
            return self.before
        if self.lead == "start" and self.stop == "tells":
            return f"it {self.after}"
        joint = {"comma": ", ", "colon": ": "}.get(self.stop, " ") if self.before else " "
        if self.after[:1] in {"?", ",", "."}:
            joint = ""
        return f"{self.before}{joint}{self.after}".strip()

    @property
    def is_named(self) -> bool:
        """Whether what stands there is a name of a document."""
        if _BARE.fullmatch(self.named) or (self.form != 0 and _HAS_VERB.search(self.named)):
            return False
        if self.lead == "place" and self.form != 1:
            # Anywhere else a symbol may be of what is asked: "visits per year, in A/80/36".
            if _GOES_ON.search(self.named):
                return False
            return self.has_kind or SYMBOL.search(_head(self.named)) is not None
        speaks = self.lead == "says" and _is_proper(self.named)
        return self.plain or self.has_kind or speaks

    @property
    def is_document(self) -> bool:
        """Whether it has a symbol or is a kind of document."""
        return bool(_HAS_KIND.search(self.named) or SYMBOL.search(self.named))

    @property
    def has_kind(self) -> bool:
        """Whether it is a kind of document, with more to it: "the final report", not "it"."""
        named = _KIND_AT_END.fullmatch(self.named) or _HAS_KIND.search(_head(self.named))
        return named is not None and not _BARE.fullmatch(self.named)


def _places(text: str) -> Iterator[_Place]:
    """Yield the places where a name may stand, in the order of the text."""
    leads = [] if _LEAD.match(text) else [("start", "", 0, 0)]
    leads += [
        (str(lead.lastgroup), lead.group().strip(), lead.start(), lead.end())
        for lead in _LEAD.finditer(text)
    ]
    for lead, said, begin, start in leads:
        before = text[:begin].strip(" ,;")
        for stop, at, then in _stops(text, start):
            place = _Place(
                lead, said, before, text[start:at].strip(" ,"), text[then:].strip(), stop
            )
            if place.named and place.form is not None and place.is_named:
                yield place


def _names_a_source(text: str) -> bool:
    """Return whether the rest of a question says by itself where to look."""
    places = (place for place in _places(text) if place.lead != "start")
    return any(
        place.plain or (place.has_kind and _IN.fullmatch(place.lead_text)) for place in places
    )


def _stops(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Yield where a name from `start` may end: by what, there, and where the text goes on."""
    depth = 0
    for stop in _STOP.finditer(text, start, min(len(text), start + _LONGEST_NAME)):
        kind = str(stop.lastgroup)
        depth += (kind == "opens") - (kind == "closes")
        if kind == "ends":
            return
        if depth < 0:
            yield kind, stop.start(), stop.end()
            return
        if kind not in {"opens", "closes"} and not depth:
            yield kind, stop.start(), stop.end()
        if kind in {"asks", "end"}:
            return


def _head(name: str) -> str:
    return _HEAD_ENDS.split(name, maxsplit=1)[0]


def _is_proper(text: str) -> bool:
    return any(character.isupper() or character.isdigit() for character in text[1:])
