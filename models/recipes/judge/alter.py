"""Pairs altered by rule from right answers, with labels that follow from the alteration.

Minimal pairs teach what one word changes: a figure, a direction, a negation, who did what to whom. Near-copies and
padded copies of the item keep shared words a good sign; the item's words in a bag and the prompt repeated are worth
nothing however many words they share.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

Row = dict[str, Any]

DIRECTIONS = """increase decrease;increases decreases;increased decreased;increasing decreasing;more less;higher lower;
high low;rises falls;rise fall;gains loses;gain lose;gained lost;before after;above below;larger smaller;bigger smaller;
faster slower;strong weak;stronger weaker;positive negative;always never;first last;inside outside;
begins ends;early late;earlier later;upper lower;north south;east west;warm cold;hot cold;hotter colder;
expand shrink;expands contracts;absorbs releases;absorb release;attracts repels;supports opposes;wins loses;won lost;
open closed;opens closes;push pull;pushes pulls;cheap expensive;cheaper dearer;maximum minimum;most least;long short;
longer shorter;thick thin;thicker thinner;deep shallow;sender receiver;buyer seller;accept reject;accepts rejects;
allowed forbidden;allows prevents;allow prevent;encourages discourages;improves worsens;raises lowers;raise lower"""
FLIPS: dict[str, str] = {}
for _pair in DIRECTIONS.replace("\n", "").split(";"):
    _one, _, _other = _pair.partition(" ")
    FLIPS.setdefault(_one, _other)
    FLIPS.setdefault(_other, _one)
AUXILIARY = re.compile(r"\b(is|are|was|were|can|will|does|do|did|has|have|must|should|could|would)\b(?! not)", re.I)
SUBORDINATE = re.compile(r"[,;:()?]|\b(but|because|that|which|who|when|while|if|where|then)\b", re.I)
NEGATED = re.compile(r"\b(not|no|never|without|nor|neither|cannot|hardly|un\w+)\b|n't", re.I)
ROLES = re.compile(
    r"^(?P<a>(?:[\w'-]+ ){1,5})(?P<verb>causes?|caused|leads? to|led to|produces?|attacks?|attacked|controls?|"
    r"feeds? on|depends? on|replaces?|replaced|defeated|invaded|funds?|funded|precedes?|becomes?|eats?)"
    r"(?P<b>(?: [\w'-]+){1,5})[.]?$",
    re.I,
)
THAN = re.compile(
    r"^(?P<a>(?:[\w'-]+ ){1,4}?)(?P<verb>(?:is|are|was|were|has|have) .{1,25}? than )(?P<b>(?:[\w'-]+ ?){1,4})[.]?$",
    re.I,
)
OPENERS = (
    "i think ",
    "basically ",
    "well, ",
    "i'd say ",
    "from what i remember ",
    "that ",
    "this is ",
    "refers to ",
    "when ",
    "it means ",
    "my answer: ",
    "in other words, ",
    "the idea is that ",
    "- ",
)
CONTRADICTS, MISSES, EXPRESSES = (0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0)
COPIED = 0.8  # of the items
MOST_WORDS = 16  # in a longer answer the altered word may not be the one that carries the item


def wrong_figure(text: str, row: Row, rng: random.Random) -> str | None:
    known = re.findall(r"\d+", row["item"])
    figures = [found for found in re.finditer(r"\d+", text) if found.group() in known]
    if not figures:
        return None
    found = rng.choice(figures)
    value = int(found.group())
    steps = [1, 2, 5, 10, 100] if value >= 100 else [1, 2, 5, 10]
    other = value + rng.choice(steps) * rng.choice([1, -1]) if value > 10 else value + rng.choice([1, 2, 3])
    return text[: found.start()] + str(abs(other)) + text[found.end() :]


def turned(text: str, row: Row, rng: random.Random) -> str | None:
    """One direction turned, where the item has it too and the text does not name its opposite as well."""
    found = [word for word in re.finditer(r"[A-Za-z]+", text) if word.group().lower() in FLIPS]
    if len(found) != 1 or NEGATED.search(text):
        return None
    word = found[0]
    if word.group().lower() not in re.findall(r"[a-z]+", row["item"].lower()):
        return None
    return text[: word.start()] + FLIPS[word.group().lower()] + text[word.end() :]


def negated(text: str, row: Row, rng: random.Random) -> str | None:
    found = list(AUXILIARY.finditer(text))
    if len(found) != 1 or NEGATED.search(text) or NEGATED.search(row["item"]) or SUBORDINATE.search(text):
        return None
    at = found[0].end()
    if rng.random() < 0.3 and re.search(r"(is|are|was|were|does|did|has|have|should|would|could)$", text[:at]):
        return text[:at] + rng.choice(["n't", "nt"]) + text[at:]
    return text[:at] + " not" + text[at:]


def swapped(text: str, row: Row, rng: random.Random) -> str | None:
    for pattern in (ROLES, THAN):
        found = pattern.match(text.strip())
        if found and found["a"].strip().lower() != found["b"].strip().lower():
            return f"{found['b'].strip()} {found['verb'].strip()} {found['a'].strip()}"
    return None


def copied(text: str, row: Row, rng: random.Random) -> str | None:
    """The item said nearly word for word: a word or two replaced, left out, misspelt or moved, or words around it."""
    if text != row["item"] or len(text.split()) < 4:
        return None
    text = text.rstrip(".")
    for edit in rng.sample(EDITS, rng.choice([1, 2, 2, 3])):
        changed = edit(text, rng)
        if len(changed.split()) >= 3:
            text = changed
    return text[:1].lower() + text[1:] if rng.random() < 0.7 else text


def _without_articles(text: str, rng: random.Random) -> str:
    return re.sub(r"\b([Tt]he|[Aa]n?) ", "", text)


def _without_aside(text: str, rng: random.Random) -> str:
    return re.sub(r"\s*\([^)]*\)|\s*;[^;]*$|,? (?:e\.g\.|such as|for example)[^,;]*$", "", text)


def _misspelt(text: str, rng: random.Random) -> str:
    long = [found for found in re.finditer(r"[a-z]{6,}", text)]
    if not long:
        return text
    found = rng.choice(long)
    at = rng.randrange(found.start() + 1, found.end() - 2)
    kind = rng.random()
    if kind < 0.4:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at + 1 :] if kind < 0.7 else text[:at] + text[at] + text[at:]


def _reworded(text: str, rng: random.Random) -> str:
    known = [(old, new) for old, new in SAME if re.search(rf"\b{old}\b", text)]
    for old, new in rng.sample(known, min(len(known), 2)):
        text = re.sub(rf"\b{old}\b", new, text, count=1)
    return text


def _moved(text: str, rng: random.Random) -> str:
    reason = re.match(r"^([^,;]{8,}?),? because ([^,;]{8,})$", text)
    if reason:
        return f"because {reason[2]}, {reason[1][:1].lower()}{reason[1][1:]}"
    return re.sub(r"\b([a-z]{4,}) and ([a-z]{4,})$", r"\2 and \1", text)


def _opened(text: str, rng: random.Random) -> str:
    return rng.choice(OPENERS) + text[:1].lower() + text[1:]


def _closed(text: str, rng: random.Random) -> str:
    return text + rng.choice(
        [" i think", ", basically", " and so on", ", if i remember right", " (from the notes)", "!"]
    )


EDITS = (_without_articles, _without_aside, _misspelt, _reworded, _reworded, _moved, _opened, _closed)
_SAME = """because since;so therefore;about roughly;uses employs;use employ;helps assists;big large;large big;
shows displays;gets obtains;needs requires;need require;begins starts;starts begins;many numerous;
often frequently;usually normally;also too;called named;makes produces;make produce;gives provides;give provide;
keeps retains;between among;whole entire;parts pieces;part piece;way manner;quickly fast;changes alters;
change alter;allows lets;allow let;contains holds;contain hold;movement motion;amount quantity;people persons;
things objects;must has_to;can is_able_to;kind type;kinds types;different various;important key;happens occurs;
happen occur;small little;build construct;builds constructs;buys purchases;each every;through via;only just;
goal aim;method procedure;area region;main chief;first initial;enough sufficient;wrong incorrect;right correct"""
SAME = [tuple(word.replace("_", " ") for word in pair.split()) for pair in _SAME.replace("\n", "").split(";")]


def bag(text: str, row: Row, rng: random.Random) -> str | None:
    kept = [word for word in re.findall(r"[\w-]+", row["item"].lower()) if len(word) > 3]
    if len(kept) < 4:
        return None
    kept += [word for word in re.findall(r"[\w-]+", row["prompt"].lower()) if len(word) > 4][: rng.randint(0, 3)]
    rng.shuffle(kept)
    return rng.choice([" ", ", "]).join(kept)


def parroted(text: str, row: Row, rng: random.Random) -> str | None:
    asked = row["prompt"].rstrip("?.: ")
    return rng.choice([asked, f"it is about {asked[:1].lower() + asked[1:]}", f"the answer to {asked.lower()}"])


# Each rule with the label it makes and the share of the texts it is tried on.
RULES: tuple[tuple[Callable[[str, Row, random.Random], str | None], tuple[float, ...], float], ...] = (
    (wrong_figure, CONTRADICTS, 0.7),
    (swapped, CONTRADICTS, 0.8),
    (turned, CONTRADICTS, 0.6),
    (negated, CONTRADICTS, 0.8),
    (bag, MISSES, 0.12),
    (parroted, MISSES, 0.05),
)


def altered(rows: list[Row], rng: random.Random) -> Iterator[Row]:
    """Of each item, and of each short right answer to a one-item card, one alteration at most.

    Each item is besides copied nearly word for word, so that what changes its meaning stands beside what does not.
    """
    items = {(row["prompt"], row["item"]): row for row in rows}
    texts = [(row["item"], row) for row in items.values()]
    texts += [(row["answer"], row) for row in rows if row["credit"] == 1 and row["n_items"] == 1]
    for text, row in texts:
        if len(text.split()) > MOST_WORDS or "\n" in text:
            continue
        for rule, target, share in RULES:
            if rng.random() < share and (answer := rule(text, row, rng)):
                yield _made(row, rule, answer, target)
                break
    for row in items.values():
        if rng.random() < COPIED and (answer := copied(row["item"], row, rng)):
            yield _made(row, copied, answer, EXPRESSES)


def siblings(rows: list[Row], rng: random.Random) -> Iterator[Row]:
    """One item of a list in the place of an answer to another: near in subject, and not the same."""
    lists: dict[str, dict[str, Row]] = {}
    for row in rows:
        if row["n_items"] > 1 and row["kind"] in ("list", "definition"):
            lists.setdefault(row["prompt"], {})[row["item"]] = row
    for items in lists.values():
        if len(items) > 1:
            one, other = rng.sample(list(items.values()), 2)
            yield _made(one, siblings, other["item"], MISSES)


def _made(row: Row, rule: Callable[..., object], answer: str, target: tuple[float, ...]) -> Row:
    return row | {"source": "altered", "answer": answer, "target": list(target), "tag": rule.__name__}
