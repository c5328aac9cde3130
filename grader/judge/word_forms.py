"""Word forms: inflections, British and American spellings, opposed prefixes, and the rough sound of a word."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from grader.judge.word_lists import word_lines
from grader.text import stem

# Words of one stem that are not forms of one another.


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Pairs written as "one/other", blanks between them."""
    return tuple((one, other) for one, _, other in (pair.partition("/") for pair in text.split()))


# Beginnings that look like one family and are two: a word that goes on with the second is no form of one that does not.
_UNLIKE_TEXT = (
    "organ/organi organi/organism organi/organic author/authori univers/universit polic/polici polic/policy "
    "gener/generat commun/communi communi/communis communi/communic import/importan intern/internal "
    "capital/capitals past/paste new/news arm/army experi/experie physic/physics objec/objectiv relat/relativ "
    "secret/secretar stat/stati elect/electr custom/customer numb/number miss/mission pass/passion port/portion "
    "sect/section cent/center comp/compe mast/master prop/proper proper/propert part/party part/parti "
    "count/countr matter/matern form/formul form/formal mater/materi moment/momentum consist/consisten "
    "minis/minist season/reason serv/servant depart/departm apart/apartm virtu/virtua moral/morale "
    "person/personnel human/humane even/event even/eventual ever/every ear/earth temper/temperat cover/covert "
    "bacter/bacterio chlor/chloro medi/media hear/heart popul/popula popula/populat invest/investig "
    "compet/competen fact/factor fact/faction mean/means mole/molec opera/operat oper/operat rail/raill "
    "press/pressur"
)
_UNLIKE = _pairs(_UNLIKE_TEXT)

_DOUBLING = frozenset(
    {"ed", "ing", "er", "ers", "est", "y", "en", "able"}
)  # stopped, running: the last letter is doubled
_ENDINGS_TEXT = (
    "a able age al ally ance ant ate ated ates ating ation ations ative ator d e ed ee ees en ence ened ening "
    "ens ent eous er ers ery es est ety ful fully hood ial ially iation ible ic ical ically ied ier ies iest "
    "ily iness ing ion ions ious isation ise ised ising ism ist ists ition ity ive ively ization ize ized izing "
    "ly ment ments ness or ors ory ous s ship sion tion ular ulation uous y ying"
)
_FAMILY_ENDINGS = frozenset({"", *_ENDINGS_TEXT.split()})
# Ends that change with the noun: (verb, noun or adjective).
_SHIFTS_TEXT = (
    "nd/nsion nd/nsive nd/nse nd/nce de/sion de/sive d/sion t/ssion t/ssive be/ption b/ption rb/rption ce/ction "
    "ct/ction fy/fication ply/plication rt/rsion rge/rsion se/sion ss/ssion te/tion te/cy t/cy nt/ncy nt/nce "
    "ble/bility le/ility ne/nity y/ied y/ies sis/ses sis/tic se/tic um/a us/i ve/f ves/f ss/ssive x/xes "
    "in/ination ain/anation te/tive gy/gical my/mic cs/cal cy/tic fy/ty sis/sise sis/size sis/sised sis/sizes "
    "ol/olled ence/ential ish/ition"
)
_SHIFTS = _pairs(_SHIFTS_TEXT)


@lru_cache(maxsize=65536)
def inflected(one: str, other: str) -> bool:
    """Whether two different folded words are forms of one word, or its British and American spellings."""
    if spelling_key(one) == spelling_key(other):
        return True
    if _irregular().get(one, frozenset()) & _irregular().get(other, frozenset()):
        return True
    if one[:3] != other[:3] or min(len(one), len(other)) < 3:
        return False
    if any(one.startswith(a) and other.startswith(a) and one.startswith(b) != other.startswith(b) for a, b in _UNLIKE):
        return False
    first, second = spelling_key(one), spelling_key(other)
    if stem(first) == stem(second):
        return _of_one_family(first, second, shared=3)
    return _of_one_family(first, second, shared=4) or _of_one_family(one, other, shared=4) or _shifted(first, second)


def _of_one_family(one: str, other: str, *, shared: int) -> bool:
    """Whether the words part, after `shared` letters or more, only in endings that make forms and families."""
    common = 0
    while common < min(len(one), len(other)) and one[common] == other[common]:
        common += 1
    for cut in range(common, max(shared - 1, common - 4), -1):
        ends = one[cut:], other[cut:]
        if all(end in _FAMILY_ENDINGS or (end[:1] == one[cut - 1] and end[1:] in _DOUBLING) for end in ends):
            return True
    return False


def _shifted(one: str, other: str) -> bool:
    for a, b in _SHIFTS:
        for verb, noun in ((one, other), (other, one)):
            for tail in ("", "s"):
                if noun.endswith(b + tail):
                    start = noun[: len(noun) - len(b + tail)]
                    rest = verb[len(start) :]
                    if (
                        len(start) >= 3
                        and verb.startswith(start)
                        and rest in (a, a + "s", a + "d", a + "ed", a.rstrip("e") + "ing")
                    ):
                        return True
    return False


@lru_cache(maxsize=65536)
def family(word: str) -> frozenset[str]:
    """Keys that a word shares with its forms: its stem, those of what it may compare, and of its irregular family."""
    return frozenset({stem(word), *map(stem, _compared(word)), *map(stem, _irregular().get(word, ()))})


def _compared(word: str) -> list[str]:
    """What a comparative or superlative may be made of: hot, hott and hotte for hottest."""
    ending = next((ending for ending in ("est", "er") if word.endswith(ending) and len(word) > len(ending) + 2), None)
    if ending is None:
        return []
    base = word.removesuffix(ending)
    return [base, base + "e", base[:-1], base[:-1] + "y"]


@cache
def _irregular() -> dict[str, frozenset[str]]:
    """Word -> the base words of the families that list it."""
    made: dict[str, set[str]] = {}
    for line in word_lines("families.txt"):
        base, *forms = line.split()
        for word in (base, *forms):
            made.setdefault(word, set()).add(base)
    return {word: frozenset(found) for word, found in made.items()}


_OUR = re.compile(
    r"\b(col|hon|fav|lab|behavi|neighb|vap|tum|flav|harb|hum|rum|od|vig|arm|sav|parl|ferv|splend|endeav|glam|val|ranc|clam)our"
)


@lru_cache(maxsize=65536)
def spelling_key(word: str) -> str:
    """The word in one of its spellings, so that colour and color, organisation and organization meet."""
    key = _OUR.sub(r"\1or", word)
    key = re.sub(r"(?<=[a-z]{2})is(?=(?:e|ed|es|er|ers|ing|ation|ations|able)\b)", "iz", key)
    key = re.sub(r"(?<=al)ys(?=(?:e|ed|es|er|ing)\b)", "yz", key)
    key = re.sub(r"(?<=[bct])re(?=s?\b)(?<!acre)(?<!ucre)", "er", key) if len(key) > 5 else key
    key = re.sub(r"ae(?=[mtnds])|(?<=[fh])oe(?=t|dr)|^oe(?=[sdcm])|(?<=rrh)oe|(?<=am)oe(?=b)", "e", key)
    key = re.sub(r"ogue(?=s?\b)", "og", key)
    key = re.sub(r"(?<=[ef]en)ce(?=s?\b)", "se", key) if key.startswith(("defen", "offen", "licen", "preten")) else key
    key = re.sub(r"(?<=[aeiou])ll(?=(?:ed|ing|er|ers|or)\b)", "l", key)
    key = (
        key.replace("sulph", "sulf")
        .replace("programme", "program")
        .replace("alumini", "alumin")
        .replace("grey", "gray")
    )
    return (
        key.replace("learnt", "learned")
        .replace("burnt", "burned")
        .replace("spelt", "spelled")
        .replace("dreamt", "dreamed")
    )


_OPPOSED_TEXT = (
    "hyper/hypo intra/inter ante/anti endo/exo endo/ecto pro/anti pro/eu macro/micro pre/post over/under "
    "mono/poly mono/di homo/hetero homeo/hetero uni/bi uni/multi uni/tri bi/tri ab/ad im/ex im/em im/e in/ex "
    "ana/cata epi/hypo sub/super ortho/para cis/trans auto/hetero in/out up/down con/di con/de pro/con pro/re "
    "inter/intro extra/intra extro/intro extra/intro iso/aniso ecto/endo syn/ana centri/centro as/de in/de "
    "af/ef pro/meta ana/meta pro/ana ana/telo pro/telo meta/telo mio/mito peri/epi hydro/hygro sym/anti "
    "bene/male phago/pino exo/end prokaryo/eukaryo mito/meio mit/mei ef/inf per/pre per/pro pre/pro com/im "
    "centrifug/centripet"
)
_OPPOSED = _pairs(_OPPOSED_TEXT)
_NEGATIVES = {"un": 4, "in": 5, "im": 5, "ir": 5, "il": 5, "non": 4, "dis": 5, "a": 6, "an": 6, "anti": 5, "mis": 5,
              "de": 6, "mal": 5, "ab": 5}  # fmt: skip  # prefix: letters that must follow
# What may follow "in" or "im" that denies nothing there: immigration is migration.
_NOT_DENIED_TEXT = "migrat plant press posit port part habit vest flammabl tens tend struct form duct fluenc"
_NOT_DENIED = frozenset(_NOT_DENIED_TEXT.split())
_PREFIX_REST = 4  # letters that must be left behind a prefix, so that "in" of "into" is none


@lru_cache(maxsize=1)
def _opposites() -> dict[str, frozenset[str]]:
    made: dict[str, set[str]] = {}
    for a, b in _OPPOSED:
        made.setdefault(a, set()).add(b)
        made.setdefault(b, set()).add(a)
    return {prefix: frozenset(others) for prefix, others in made.items()}


@lru_cache(maxsize=65536)
def _prefixes(word: str) -> tuple[str, ...]:
    table = _opposites()
    return tuple(word[:end] for end in range(1, min(len(word), 12)) if word[:end] in table)


@lru_cache(maxsize=65536)
def _denied(word: str) -> frozenset[str]:
    """What stands behind a negative prefix of the word, and the stem of it."""
    made: set[str] = set()
    for prefix, least in _NEGATIVES.items():
        rest = word[len(prefix) :]
        if (
            word.startswith(prefix)
            and len(rest) >= least
            and not (prefix in ("in", "im") and stem(rest) in _NOT_DENIED)
        ):
            made |= {rest, stem(rest)}
    return frozenset(made)


@lru_cache(maxsize=65536)
def opposed_prefixes(one: str, other: str) -> bool:
    """Whether two words are one stem behind opposed prefixes, or one of them behind a negation, well or badly spelt."""
    for first, second in ((one, other), (other, one)):
        if len(second) >= _PREFIX_REST and (second in _denied(first) or stem(second) in _denied(first)):
            return True
    table = _opposites()
    for a in _prefixes(one):
        for b in _prefixes(other):
            nested = a.startswith(b) or b.startswith(a)
            rests = one[len(a) :], other[len(b) :]
            if b in table[a] and (rests[0] == rests[1] if nested else _rests_alike(*rests, short=2)):
                return len(rests[0]) > 2 and not one.startswith(other) and not other.startswith(one)
    return False


def _rests_alike(one: str, other: str, *, short: int) -> bool:
    if one == other:
        return len(one) > short
    if min(len(one), len(other)) < _PREFIX_REST:
        return False
    if stem(one) == stem(other):
        return True
    from rapidfuzz.distance import OSA

    return min(len(one), len(other)) > _PREFIX_REST and OSA.distance(one, other, score_cutoff=1) <= 1


_SOUNDS = tuple(
    (re.compile(pattern), heard)
    for pattern, heard in (
        (r"(?:ti|si|ssi|ci|sci|xi)o(?=[nu])|ti(?=al)|ci(?=al|an|en)|shu(?=n)", "sho"),
        (r"ssure|sure(?=$|s)|ture", "shur"),
        (r"^(?:kn|gn|pn)", "n"), (r"^wr", "r"), (r"^ps", "s"), (r"^x", "s"), (r"^wh", "w"), (r"^rh", "r"),
        (r"ph", "f"), (r"tch", "ch"), (r"sch", "sk"), (r"dge?", "j"), (r"eigh", "a"), (r"igh", "i"), (r"ough", "o"),
        (r"augh", "o"), (r"gh", ""),
        (r"ck|q(?:u)?|ch(?=[rl])", "k"), (r"sc(?=[eiy])", "s"), (r"c(?=[eiy])", "s"), (r"c", "k"), (r"x", "ks"),
        (r"z", "s"),
        (r"ee|ea|ie|ei", "E"), (r"ey|y|oe", "i"), (r"ou|oo|ue|ew|eu", "u"), (r"ai|ay", "a"), (r"oa|ow|au|aw", "o"),
        (r"mb$", "m"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """A rough sound of an English word, so that foto and photo, nite and night, seperation and separashun meet."""
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    return word
