"""Words whose full stop does not end a sentence, in English, Spanish and French."""


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


# Followed by a name: never the end of a sentence.
TITLES = words(
    "mr mrs ms dr prof messrs st hon gen col lt capt sgt maj rev fr gov sen rep amb mgr "
    "sr sra sres srta dra lic ing arq gral cnel excmo ilmo ud uds mme mlle mm me"
)

# Followed by a number: not the end of a sentence before a number or a single letter.
NUMBERED = words(
    "no nos nr para paras art arts vol vols fig figs tab p pp sect sec secs chap chaps ch cl "
    "add corr rev ser res doc docs ex eq app núm núms num pág págs pag párr párrs cap caps apdo "
    "inc lit tít n° nº al alin paragr chapitre approx ca ibid"
)

# Go on into the sentence: not the end of it, whatever follows.
INNER = words(
    "e.g i.e cf vs viz eg ie p.ej p.ex c.-à-d ej incl excl esp trans tr ed eds comp c.f etal "
    "jan feb mar apr jun jul aug sep sept oct nov dec tel ext avda avenida"
)

# End a sentence only where the next word is one that starts sentences.
OPEN = words(
    "etc al inc corp ltd co bros plc ee.uu dept univ a.m p.m u.s u.n u.k e.u u.s.a d.c ph.d b.a "
    "m.a r.a assn ass'n govt intl int'l natl nat'l"
)

# Words that start a sentence after an abbreviation of the last kind.
STARTERS = words(
    "the this these those that in it its they their there he she we you i a an as at for from "
    "but and if when while however although after before during since such some many most both "
    "all each one two no other another under with to on by who what where which "
    "el la los las un una en por para con sin se su sus este esta estos estas además sin como "
    "le les des du ce cette ces il elle ils elles dans pour par avec sur selon toutefois"
)

# A single capital letter after one of these is a label ("annex A."), not an initial.
LABELLED = words(
    "annex appendix part table figure section option group type class grade plan vitamin box "
    "column row category tier phase schedule hepatitis anexo parte cuadro gráfico sección grupo "
    "tipo annexe partie tableau groupe"
)

# A line that ends with one of these goes on, whatever the next line looks like.
CONTINUING = words(
    "a an the of in on at to for from by with and or nor but as than that which who whose its "
    "their his her our this these those is are was were be been has have had not no into under "
    "between among through during per via upon against within without over about see paragraph "
    "paragraphs para. paras. article articles section sections resolution resolutions "
    "de del la el los las un una y o e u en con por para que se su sus al sin sobre entre como "
    "es son fue le les des du et ou au aux dans pour par avec sur ne pas est sont"
)
