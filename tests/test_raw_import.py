"""The raw text export, imported: which lines are prompts, which are references, and what was guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.decks import Imported, import_raw, load_deck, read_deck, render_guesses, write_deck
from grader.decks.likeness import features, likeness
from grader.decks.reading import Bare, read_run
from grader.errors import DeckError

FOLDER = Path(__file__).parent / "data" / "good" / "decks"
CONTENT = Path(__file__).parent.parent / "content"
EXPORTS = ("cells", "geography", "memory")

# Typed from the export by hand: each prompt with its items, the author's spelling kept.
ALLIANCES: list[tuple[str, list[str]]] = [
    (
        "Definition: Alliance",
        [
            "A formal or informal relationship of security cooperation between two or more sovereign states - Waltz",
        ],
    ),
    (
        "5 types of alliances/pacts/agreements covered by definition of alliance",
        ["Defensive", "offensive", "non-aggression pacts", "neutrality pacts", "consultation agreements"],
    ),
    (
        "The autonomy-security tradeoff regarding alliances",
        [
            "Alliances produce additional security quickly (and without having to divert resources to military), but "
            "with less reliability than investing in own military and at the political cost of moderating "
            "conflicting interests with the ally",
        ],
    ),
    (
        "When entering into an alliance, what do powerful and weak states get and sacrifice",
        [
            "Powerful states gain autonomy at the expense of security, while weak states gain security at the expense "
            "of autonomy",
        ],
    ),
    (
        "Asymmetric alliance",
        [
            "All allies are better off than without the alliance, but gain in different areas; some achieve security "
            "gains, other autonomy -> more stable",
        ],
    ),
    ("Symmetric alliances", ["Allies gain on the same dimension -> less stable"]),
    ("3 strategies that alliances are useful for", ["Total war", "Containment", "Deterrence"]),
    (
        "3 dangers of alliances",
        [
            "Chain-ganging: states get dragged into war to save reckless allies (e.g. WW1; possibly Russia-Ukraine)",
            "Buck-passing: states let others bear the burden of halting the rise of a state that threatens hegemony "
            "by shifting the responsibility/blame onto them",
            "Autonomy-security trade-off",
        ],
    ),
    (
        "3 reasons to enter into an alliance despite the risks",
        [
            "To affect the balance of power; to aggregate power to contrast a more powerful state or if not possible, "
            "“bandwagon” with the powerful state",
            "States ally to balance against threats (geographic, ideological etc.) rather than material power per se",
            "Domestic affinity with ally (cultural, ideological, political)",
        ],
    ),
    (
        "5 reasons why some alliances last longer than others",
        [
            "Shifts in the distribution of power can end/create alliances",
            "Changes in the threat posed by states (or the perception thereof)",
            "Regime type -> alliances among liberal democracies are esp. strong and resilient",
            "Institutionalization; e.g. creation of organizations, buraucracies etc., and institutional capacity to "
            "allow for alliance shift when original threat is no longer present",
            "Socialization between elites to reinforce shared understanding of the world",
        ],
    ),
    (
        "Can you evaluate the success of alliances?",
        [
            "No, because of selection bias: if an alliance is successful, it will deter attacks, and then we are less "
            "likely to observe an effect",
        ],
    ),
    (
        "3 Definitions: Coercion",
        [
            "The activity of causing someone to do something against his will, or of bringing about his doing what he "
            "does against his will - Held",
            "The latent use of force (the threat)",
            "A coercive strategy involves the deliberate and purposive use of overt threats of force to influence "
            "another’s strategic choices",
        ],
    ),
    (
        "2 possible goals of coercion",
        [
            "Deterrence: to persuade an opponent not to initiate action; aims to preserve the status quo",
            "Compellence: to persuade an opponent to change its behavior (don’t complete, undo, change); aims to "
            "change the status quo",
        ],
    ),
    (
        "2 strategies/methods of coercion",
        [
            "Punishment: impose costs to deter",
            "Denial: take actions that create difficulty for target to successfully undertake the action you want to "
            "deter",
        ],
    ),
    (
        "2 Coercion costs faced by the target state",
        [
            "Resistance costs: costs due to punishment imposed by the coercer and/or steps taken to prevent the "
            "punishment",
            "Compliance costs: costs due to giving in to the coercer (what are you giving up, e.g. the thing you "
            "wanted to do?)",
        ],
    ),
    (
        "Coercion costs faced by the coercer",
        ["Enforcement costs: costs of punishing the target or implementing denial strategy"],
    ),
    (
        "The efficacy of coercion depends on",
        [
            "Clarify of communication (how concrete is the threat, how do you communicate it?)",
            "Credibility of threats and reputation",
        ],
    ),
    (
        "Internalized deterrence",
        [
            "Given international institutions, alliances, and expected costs of doing something, the threat might not "
            "even have to be issued -> states can pre-modify their actions to avoid it",
        ],
    ),
    (
        "Geneva Interim Agreement (November 2012)",
        ["Restrictions placed on Iran to get them to stop stockpiling enriched uranium"],
    ),
    (
        "JCPOA (October 2015)",
        [
            "Restrictions of Iran’s program and an inspections system, for 15 years in exchange for relieving "
            "sanctions",
        ],
    ),
    (
        "What was influential in signing the Iran nuclear deal?",
        ["The costs of being disconnected from SWIFT"],
    ),
    (
        "Paradox of power",
        [
            "Targets of a powerful state’s coercion can find strategies to resist the powerful, even if they are weak",
        ],
    ),
    (
        "3 functions of diplomacy",
        [
            "Communication",
            "Representation (explaining intentions to lower uncertainty)",
            "Reproduction of international society",
        ],
    ),
    (
        "5 concrete examples of what diplomacy is good for",
        [
            "Conveying messages",
            "Provides framework for “normal” relationships to communicate better",
            "Creates and maintains relationships between countries/leaders/bureaucracies",
            "Face-to-face interaction has more positive impact than other communication",
            "Form of intelligence collection",
        ],
    ),
    (
        "Definition: soft power",
        ["When one country gets other countries to want what it wants, instead of ordering them to do it"],
    ),
    (
        "Reading: Coercive diplomacy and the Iranian nuclear crisis - Benjamin Harris",
        [
            "Coercive diplomacy was used by US, UK, FR, RU, CH and DE to negotiate end to Iranian nuclear crisis "
            "2002-2013 - used a mix of impactful sanctions and incentives (sanctions relief, enrichment capabilities) "
            "for compliance to hit Iranian economy (they could not have done so alone). SWIFT ban influential in "
            "this. Coercive diplomacy pressured Iran to the point where the cost of continued resistance was too high "
            "to endure. But what was paramount in winning Iranian compliance (incentives) would eventually result in "
            "US withdrawal from the agreement. Many factors impact a coercer’s ability to conduct coercive diplomacy "
            "successfully, and target regimes are often unpredictable and willing to endure costs beyond rationality",
        ],
    ),
]


def read(name: str) -> Imported:
    return import_raw((FOLDER / f"{name}.txt").read_text(encoding="utf-8"), f"{name}.txt")


@pytest.fixture(scope="module")
def alliances() -> Imported:
    return read("lecture3_alliances")


def test_all_26_cards(alliances: Imported) -> None:
    assert [(card.prompt, [item.text for item in card.items]) for card in alliances.deck] == ALLIANCES
    assert alliances.deck.title == "Lecture 3: Alliances, Coercion and Diplomacy Flashcards"


def test_every_item_of_the_26_cards_is_needed(alliances: Imported) -> None:
    assert [card.need for card in alliances.deck] == [len(items) for _, items in ALLIANCES]


def test_content_is_the_import(alliances: Imported) -> None:
    path = CONTENT / "alliances.md"
    assert load_deck(path) == alliances.deck
    assert path.read_text(encoding="utf-8") == write_deck(alliances.deck)


def test_bullets_make_a_list_and_lines_do_not(alliances: Imported) -> None:
    deck = alliances.deck
    assert deck["the-efficacy-of-coercion-depends-on"].is_list
    assert deck["5-types-of-alliances-pacts-agreements-covered-by-definition"].is_list
    assert not deck["coercion-costs-faced-by-the-coercer"].is_list
    assert not deck["definition-soft-power"].is_list


def test_names_are_not_required(alliances: Imported) -> None:
    deck = alliances.deck
    (waltz,) = deck["definition-alliance"].items[0].wordings
    held = deck["3-definitions-coercion"].items[0].wordings[0]
    assert (waltz.optional, held.optional) == (("Waltz",), ("Held",))
    assert not waltz.text.endswith("Waltz")
    assert held.text.endswith("against his will")


def test_terms_are_recognised(alliances: Imported) -> None:
    terms = {wording.term for card in alliances.deck for item in card.items for wording in item.wordings}
    assert terms - {None} == {
        "Chain-ganging",
        "Buck-passing",
        "Deterrence",
        "Compellence",
        "Punishment",
        "Denial",
        "Resistance costs",
        "Compliance costs",
        "Enforcement costs",
    }


def test_what_was_guessed_is_said_card_by_card(alliances: Imported) -> None:
    by_card: dict[str, list[str]] = {}
    for guess in alliances.guesses:
        by_card.setdefault(guess.card, []).append(guess.what)
    types = by_card["5-types-of-alliances-pacts-agreements-covered-by-definition"]
    assert any("split into 5 items" in what for what in types)
    assert "'Waltz' is not required" in by_card["definition-alliance"]
    reading = by_card["reading-coercive-diplomacy-and-the-iranian-nuclear-crisis"]
    assert "lines 75-77 joined into one item" in reading
    assert "3-dangers-of-alliances" not in by_card  # its prompt stands before bullets: nothing to guess
    report = render_guesses(alliances)
    assert report.startswith("26 cards, ")
    assert "\nParadox of power\n  line 60: read as a prompt" in report


@pytest.mark.parametrize("name", EXPORTS)
def test_other_exports(name: str) -> None:
    imported = read(name)
    expected = load_deck(FOLDER / f"{name}.md")
    assert [(card.prompt, [item.text for item in card.items]) for card in imported.deck] == [
        (card.prompt, [item.text for item in card.items]) for card in expected
    ]
    assert imported.deck == expected


@pytest.mark.parametrize("name", [*EXPORTS, "lecture3_alliances"])
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: text.replace("\n- ", "\n• "), id="round bullets"),
        pytest.param(lambda text: text.replace("\n- ", "\n  - "), id="indented bullets"),
        pytest.param(lambda text: text.replace("\n", "\n\n", 1), id="blank line after the title"),
        pytest.param(lambda text: text.replace("\n", " \n"), id="spaces at the ends"),
    ],
)
def test_the_dress_of_an_export_does_not_matter(name: str, change: object) -> None:
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert callable(change)
    assert import_raw(change(text)).deck == import_raw(text).deck


@pytest.mark.parametrize("name", [*EXPORTS, "lecture3_alliances"])
def test_imports_come_back_from_markdown(name: str) -> None:
    deck = read(name).deck
    assert read_deck(write_deck(deck)) == deck


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "the file is empty", id="empty"),
        pytest.param("\n \n", "the file is empty", id="blank"),
        pytest.param("Title\n", "x.txt:1: there is a title but no cards", id="title only"),
        pytest.param("- item\n", "x.txt:1: the first line is an item", id="no title"),
        pytest.param("Title\n- item\n", "x.txt:2: an item without a prompt", id="no prompt"),
        pytest.param("Title\nWhat is it?\n", "x.txt:2: the prompt 'What is it\\?' has no reference", id="no reference"),
        pytest.param("Title\nDangers\n- a\n-\n", "x.txt:4: the item is empty", id="empty item"),
        pytest.param("Title\nDangers\n- a\nDangers\n- b\n", "x.txt:4: the prompt stands already on line 2", id="twice"),
        pytest.param("Title\nDangers\n- a\0b\n", "x.txt:3: the line holds a NUL character", id="NUL"),
        pytest.param("Title\nDangers\n- a\ud800\n", "x.txt:3: .*half a character", id="lone surrogate"),
    ],
)
def test_unusable_exports_are_refused(text: str, message: str) -> None:
    with pytest.raises(DeckError, match=f"^{message}" if message.startswith("x.txt") else message):
        import_raw(text, "x.txt")


def test_marks_of_the_item_syntax_that_an_export_does_not_know() -> None:
    deck = import_raw("Title\nPaths on Windows and Unix\n- C:\\\\temp | \n- /tmp\n").deck
    assert deck.cards[0].items[0].text == "C:\\\\temp |"


def test_a_line_after_an_item_that_cannot_be_a_prompt_belongs_to_the_item() -> None:
    text = "Title\nCauses of the fire\n- A spark from the chimney\nbecause it had not been swept\nPlague\n- Rats\n"
    first = import_raw(text).deck.cards[0]
    assert [item.text for item in first.items] == ["A spark from the chimney because it had not been swept"]


def test_sub_bullets_and_wrapped_lines_belong_to_the_item_above() -> None:
    text = "Title\nDangers\n- Being dragged\n  into war\n- Free riding\n    - others pay\n    - others die\n"
    assert [item.text for item in import_raw(text).deck.cards[0].items] == [
        "Being dragged into war",
        "Free riding; others pay; others die",
    ]


def test_numbered_items_are_ordered_where_the_prompt_says_so() -> None:
    text = "Title\nStages of grief in order\n1. Denial\n2. Anger\nKinds of rock\n1. Igneous\n2. Sedimentary\n"
    assert [card.ordered for card in import_raw(text).deck] == [True, False]


def test_as_many_lines_as_asked_for_are_items() -> None:
    text = (
        "Title\n3 primary colours\nRed\nYellow\nBlue\nWhat is white?\nAll colours together, as light from the sun is\n"
    )
    assert [[item.text for item in card.items] for card in import_raw(text).deck] == [
        ["Red", "Yellow", "Blue"],
        ["All colours together, as light from the sun is"],
    ]


def test_a_long_export() -> None:
    text = "Title\n" + "".join(
        f"What is thing {number}?\nIt is a thing that does {number}\n" for number in range(5_000)
    )
    assert len(import_raw(text).deck) == 5_000


lines = st.lists(st.sampled_from(["What is it?", "It is a thing.", "Name two", "a and b", "Thing", "- x", "- y", ""]))


@given(lines)
def test_every_line_is_used_once_or_the_export_is_refused(body: list[str]) -> None:
    numbered = [line and f"{line} {place}" for place, line in enumerate(body)]
    try:
        deck = import_raw("\n".join(["Title", *numbered])).deck
    except DeckError:
        return
    said = " ".join(part for card in deck for part in (card.prompt, *(item.text for item in card.items)))
    wanted = " ".join(line.removeprefix("- ") for line in numbered if line)
    assert sorted(_words(said)) == sorted(_words(wanted))


def _words(text: str) -> list[str]:
    return [word.strip(".") for word in text.split() if word != "and"]


# --- likeness -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "What is osmosis?",
        "3 causes of the war",
        "Definition: osmosis",
        "Name two rivers",
        "Mitosis vs meiosis",
        "Erosion",
    ],
)
def test_prompts_look_like_prompts(line: str) -> None:
    assert likeness(line) > 0


@pytest.mark.parametrize(
    "line",
    [
        "Because the ally drags them into a war that they did not want.",
        "The process by which plants make glucose from water and carbon dioxide, using light",
        "But it was not enough to stop them",
        "1815",
        "To keep others from attacking; the threat has to be credible",
    ],
)
def test_references_look_like_references(line: str) -> None:
    assert likeness(line) < 0


@given(st.text(max_size=80))
def test_likeness_is_defined_for_any_line(line: str) -> None:
    assert features(line)
    assert abs(likeness(line)) < 50


def test_a_run_without_room_for_a_reference_has_no_reading() -> None:
    assert read_run([Bare("What is it?")], closes=False, continues=False) is None
    assert read_run([Bare("What is it?"), Bare("Name two")], closes=True, continues=False) is None


def test_a_reading_says_how_sure_it_is() -> None:
    reading = read_run(
        [
            Bare("What is osmosis?"),
            Bare("It is the movement of water, because of a gradient"),
            Bare("Why?"),
            Bare("1815"),
        ],
        closes=False,
        continues=False,
    )
    assert reading is not None
    assert reading.prompts == (0, 2)
    assert reading.margins[0] == float("inf")  # the first line has to be a prompt
    assert all(margin > 0 for margin in reading.margins)
