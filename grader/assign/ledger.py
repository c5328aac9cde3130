"""The ledger: which span earns which item, each once, and what the rest of the answer is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

from grader.assign.parts import matched_by_parts
from grader.assign.reading import CONTRADICTS, Lines, Range, Reading
from grader.assign.search import Option, choose
from grader.records import CONTRADICTIONS, Card, Claim, Disposition, Reason
from grader.text import content_words, stem

WORTH_JOINING = 0.05  # a longer range has to say the item this much more surely than any part of it
RELATED = 0.5  # nearness from which words beside a matched item only say it again
SAME_FACT = 0.9  # the same where the item is one fact: Sydney is near Canberra, and another guess
FOREIGN = 0.6  # nearness from which an explanation belongs to another item
APART = 0.2  # and how much nearer it has to be than to the item whose term it is given to
BRIEF_WORDS = 15  # words of an explanation that is no list itself
GUESS_WORDS = 8  # words up to which something said can be a guess at an item; longer, it tells about one
MISUNDERSTOOD = 0.6  # P(contradicts) that counts for an item of which only the term was named
BOTH_SIDES = 0.8  # the same for an item that another span earns: a false alarm would cost a right answer
TWO_AT_ONCE = 0.75  # P(expresses) of both from which the same words may say two items
UNSAID_SHOWN = 5  # words of an item that are named as not said
ALIKE = 80  # rapidfuzz ratio of stems, 0..100, from which a word has been said, if misspelt

_RULED_OUT = re.compile(r"(?i)\W*(?:not|never|nor|rather than|instead of)\s+\w")  # what is named to be ruled out
_BINDS = re.compile(r"\s*(?::|=|->|→|–|—|\s-)\s*")  # between a term and its explanation


def build_ledger(answer: str, card: Card, reading: Reading, lines: Lines) -> tuple[Claim, ...]:
    """The claims of an answer, in the order of the answer.

    Ranges and items are chosen together so that the total P(expresses) is highest: ranges do not overlap unless the
    same words surely say both items, and an item is earned once. An item with facets earns by them. What is left is a
    contradiction, a repeat, an elaboration or surplus.
    """
    chosen = _chosen(card, reading, lines)
    by_parts = {
        item: claim
        for item in reading.parts
        if item not in chosen or reading.judgements[item, chosen[item]].reason not in OWN_WORDS
        if (claim := matched_by_parts(answer, reading, item, lines)) is not None
    }
    for item in reading.parts:
        if item in chosen and reading.judgements[item, chosen[item]].reason not in OWN_WORDS:
            del chosen[item]
    claims = [_matched(answer, card, reading, item, atoms, lines) for item, atoms in chosen.items()]
    claims += by_parts.values()
    taken = {atom for atoms in chosen.values() for atom in range(*atoms)}
    taken |= {
        index
        for index, atom in enumerate(reading.atoms)
        for claim in by_parts.values()
        if any(span.start <= atom.start and atom.end <= span.end for span in claim.spans)
    }
    crossed = _crossed(answer, card, reading)
    for item, atoms in crossed.items():
        span = reading.span(answer, atoms)
        claims.append(Claim((span,), Disposition.CONTRADICTED, item, 0.0, Reason.SWAPPED, BOTH_SIDES, span.text))
    against = _contradictions(card, reading, chosen, by_parts.keys(), taken, lines)
    for item, atoms in against.items():
        if item in crossed:
            continue
        judgement = reading.judgements[item, atoms]
        claims.append(
            Claim(
                (reading.span(answer, atoms),),
                Disposition.CONTRADICTED,
                item,
                0.0,
                judgement.reason if judgement.reason in CONTRADICTIONS else Reason.CONTRADICTED,
                judgement.contradicts,
                judgement.evidence,
            )
        )
        taken.update(range(*atoms))
    claims.extend(_rest(card, reading, chosen.keys() | by_parts.keys(), taken))
    return tuple(sorted(claims, key=lambda claim: (claim.spans[0].start, claim.spans[0].end, claim.item or 0)))


OWN_WORDS = (Reason.EXACT, Reason.TYPO, Reason.ALIAS)


def _chosen(card: Card, reading: Reading, lines: Lines) -> dict[int, Range]:
    """For each item that is expressed, the range that expresses it."""
    least = lines.full if card.asks_one_fact else lines.half  # a single fact is not half right
    options = [
        [
            # The shorter range wins a tie, then the earlier: the span shown is what carries the item.
            Option(round(value * 10_000) * 10_000 - 100 * (atoms[1] - atoms[0]) - min(99, atoms[0]), atoms)
            for atoms, value in _worthwhile(reading, item).items()
            if value >= least
        ]
        for item in range(len(card.items))
    ]

    def together(item: int, option: Option, other: int, taken: Option) -> bool:
        judged = reading.judgements[item, option.atoms], reading.judgements[other, taken.atoms]
        return all(judgement.expresses >= TWO_AT_ONCE for judgement in judged)

    return choose(options, together)


def _worthwhile(reading: Reading, item: int) -> dict[Range, float]:
    """P(expresses) of the ranges that say more about the item than any part of them."""
    values = {atoms: found.expresses for (which, atoms), found in reading.judgements.items() if which == item}
    kept: dict[Range, float] = {}
    for atoms in sorted(values, key=lambda atoms: (atoms[1] - atoms[0], atoms)):
        parts = [value for part, value in kept.items() if atoms[0] <= part[0] and part[1] <= atoms[1]]
        if values[atoms] >= max(parts, default=-WORTH_JOINING) + WORTH_JOINING:
            kept[atoms] = values[atoms]
    return kept


def _matched(answer: str, card: Card, reading: Reading, item: int, atoms: Range, lines: Lines) -> Claim:
    judgement = reading.judgements[item, atoms]
    if card.is_list or len(card.earning) > 1 or card.items[item].negative:
        credit = 1.0 if judgement.expresses >= lines.full else 0.5
    else:
        credit = 1.0 if judgement.expresses >= lines.whole else max(0.05, round(judgement.credit * 20) / 20)
    whole = credit == 1
    return Claim(
        (reading.span(answer, atoms),),
        Disposition.MATCHED,
        item,
        credit,
        judgement.reason if whole else Reason.PARTLY,
        judgement.expresses,
        judgement.evidence if whole else ", ".join(_unsaid(answer, card, item)[:UNSAID_SHOWN]),
    )


def _unsaid(answer: str, card: Card, item: int) -> tuple[str, ...]:
    """Content words of the item, in the wording that the answer shares most with, for which the answer has none."""
    from rapidfuzz import fuzz

    said = {stem(word) for word in (*content_words(answer), *content_words(card.prompt))}
    left: list[list[str]] = [
        [
            word
            for word in dict.fromkeys(content_words(wording.text))
            if all(fuzz.ratio(stem(word), other) < ALIKE for other in said)
        ]
        for wording in card.items[item].wordings
    ]
    return min((tuple(words) for words in left), key=len)


def _contradictions(
    card: Card, reading: Reading, chosen: Mapping[int, Range], by_parts: Set[int], taken: set[int], lines: Lines
) -> dict[int, Range]:
    """For each item that the answer speaks against, the shortest range that does so most surely.

    Words that express another item are about that one, however much they differ from this.
    """
    found: dict[int, Range] = {}
    for item in range(len(card.items)):
        on_term = item in chosen and _rests_on_term(reading, item, chosen[item])
        said = item in chosen or item in by_parts
        line = MISUNDERSTOOD if on_term else BOTH_SIDES if said else CONTRADICTS
        others = [other for other in range(len(card.items)) if other != item]
        # The words that earn a part, or name only the term, may speak against the whole.
        barred = taken - set(range(*chosen[item])) if on_term else set() if item in by_parts else taken
        against = [
            (judgement.contradicts, atoms[0] - atoms[1], -atoms[0], atoms)
            for (which, atoms), judgement in reading.judgements.items()
            if which == item
            and judgement.contradicts >= line
            and (item not in chosen or on_term or judgement.reason is not Reason.CONTRADICTED)
            and not barred.intersection(range(*atoms))
            and not any(
                _speaks_for(reading, other, atoms, judgement.nearness, 0.0 if item in chosen else lines.full)
                for other in others
            )
        ]
        if against:
            found[item] = max(against)[3]
    return found


def _rest(card: Card, reading: Reading, earned: Set[int], taken: set[int]) -> list[Claim]:
    """Claims for the atoms that neither earn nor contradict an item."""
    prompt = {stem(word) for word in content_words(card.prompt)}
    repeats = SAME_FACT if card.asks_one_fact else RELATED
    # Beside an explanation there are no guesses, unless a list is given in the place of a short one.
    brief = len(card.earning[0].wordings[0].text.split()) <= BRIEF_WORDS
    explains = len(card.earning) == 1 and not card.asks_one_fact and not (brief and reading.is_listing)
    made = []
    for index, atom in enumerate(reading.atoms):
        if index in taken:
            continue
        words = {stem(word) for word in content_words(atom.text)}
        about = {item: _nearness(reading, item, index) for item in range(len(card.items))}
        nearest = max(about, key=lambda item: about[item])
        if about[nearest] >= repeats and nearest in earned:
            reason = reading.judgements[nearest, (index, index + 1)].reason
            made.append(Claim((atom,), Disposition.REPEATED, nearest, reason=reason))
        elif (
            explains
            or reading.elaborates[index]
            or words <= prompt
            or len(atom.text.split()) > GUESS_WORDS
            or _RULED_OUT.match(atom.text)
        ):
            made.append(Claim((atom,), Disposition.ELABORATION))
        else:
            made.append(Claim((atom,), Disposition.SURPLUS))
    return made


def _crossed(answer: str, card: Card, reading: Reading) -> dict[int, Range]:
    """For each item whose term is bound, by a colon or dash, to another item's explanation, the range that does so."""
    found: dict[int, Range] = {}
    for first in range(len(reading.atoms) - 1):
        between = answer[reading.atoms[first].end : reading.atoms[first + 1].start]
        if not _BINDS.fullmatch(between):
            continue
        for item in range(len(card.items)):
            named = reading.judgements.get((item, (first, first + 1)))
            if named is None or named.reason is not Reason.TERM:
                continue
            about = {other: _nearness(reading, other, first + 1) for other in range(len(card.items))}
            nearest = max(about, key=lambda other: about[other])
            if nearest != item and about[nearest] >= FOREIGN and about[nearest] - about[item] >= APART:
                found[item] = (first, first + 2)
    return found


def _rests_on_term(reading: Reading, item: int, atoms: Range) -> bool:
    """Whether only the term was named: then what else is said may show that it was not understood."""
    judged = (judgement for (which, _), judgement in reading.judgements.items() if which == item)
    return reading.judgements[item, atoms].reason is Reason.TERM and not any(one.reason in OWN_WORDS for one in judged)


def _speaks_for(reading: Reading, item: int, atoms: Range, nearness: float, line: float) -> bool:
    """Whether the words are nearer to an item than `nearness`, and express it with at least the probability `line`."""
    judgement = reading.judgements.get((item, atoms))
    return judgement is not None and judgement.expresses >= line and judgement.nearness > nearness


def _nearness(reading: Reading, item: int, atom: int) -> float:
    judgement = reading.judgements.get((item, (atom, atom + 1)))
    return judgement.nearness if judgement else 0.0
