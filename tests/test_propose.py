from __future__ import annotations

import numpy as np
import pytest

from grader.encode import CharNgramEncoder
from grader.propose import RANGES_PER_ASPECT, Proposal, aspects, propose, texts_to_encode
from grader.records import Card
from grader.split import split

DANGERS = Card.from_items(
    "2 dangers of alliances",
    ["Chain-ganging: states get dragged into war", "Buck-passing: letting others bear the burden"],
)


def proposals(card: Card, answer: str) -> tuple[Proposal, ...]:
    parts = split(answer)
    spans = [parts.span(atoms).text for atoms in parts.ranges]
    texts = texts_to_encode(card, spans)
    vectors = dict(zip(texts, CharNgramEncoder().encode(texts), strict=True))
    return propose(card, parts.ranges, spans, spans, vectors)


@pytest.mark.parametrize(
    ("key", "texts"),
    [
        pytest.param("either", ["soft power", "attraction", "soft power: attraction"], id="either"),
        pytest.param("term", ["soft power"], id="term"),
        pytest.param("explanation", ["attraction"], id="explanation"),
        pytest.param("both", ["soft power: attraction"], id="both"),
    ],
)
def test_aspects_follow_the_key(key: str, texts: list[str]) -> None:
    card = Card.from_items("name a kind of influence", ["soft power: attraction"], key=key)
    assert [aspect.text for aspect in aspects(card)] == texts


def test_a_term_that_the_prompt_gives_earns_nothing() -> None:
    card = Card.from_items("Define soft power", ["Soft power: attraction"])
    assert [aspect.text for aspect in aspects(card)] == ["attraction"]


def test_every_alternative_is_an_aspect() -> None:
    card = Card.from_items("name one", ["free riding | buck-passing"])
    assert [(aspect.item, aspect.text) for aspect in aspects(card)] == [(0, "free riding"), (0, "buck-passing")]


def test_the_likeliest_ranges_are_proposed_and_no_others() -> None:
    answer = ". ".join(f"sentence number {n} about something else" for n in range(60)) + ". states get dragged into war"
    found = proposals(DANGERS, answer)
    assert any(proposal.pair.text == "states get dragged into war" for proposal in found)
    assert len(found) <= RANGES_PER_ASPECT * len(aspects(DANGERS))


def test_evidence_is_rounded_and_bounded() -> None:
    for proposal in proposals(DANGERS, "chain ganging, buck passing, tin"):
        pair = proposal.pair
        for figure in (pair.similarity, pair.residual, pair.margin):
            assert figure == round(figure, 4)
        assert -1.0 <= pair.similarity <= 1.0001
        assert pair.vocabulary >= {"chain", "ganging", "burden"}


def test_the_prompt_said_back_has_no_residual() -> None:
    found = proposals(DANGERS, "2 dangers of alliances")
    assert found
    assert all(abs(proposal.pair.residual) < 0.02 for proposal in found)


def test_nothing_said_nothing_proposed() -> None:
    assert propose(DANGERS, (), (), (), {"": np.zeros(1, np.float32)}) == ()
