from __future__ import annotations

import importlib.util
import json
import math
import pickle
import re
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import GraderError, ModelError, UsageError
from grader.judge import AsRead, CrossEncoderJudge, FusedJudge
from grader.judge.cross_encoder import READINGS, ReadingCache, Text
from grader.judge.evidence import CONTRADICTION, FEATURES, SETTLED, VETOED, Weights
from grader.judge.outputs import LEAST, Outputs, outputs_of, reading_named
from grader.judge.sentence_transformer import CrossEncoderReader, with_prompt
from grader.records import Card, Pair, Reason

INSTALLED = importlib.util.find_spec("sentence_transformers") is not None
EXPRESSES, NEITHER, CONTRADICTS = READINGS
EVIDENCE = Weights(0.0, (0.0,) * len(FEATURES), "test-evidence")
REFERENCE = "states let others bear the burden"


def pair(text: str, reference: str = REFERENCE, **more: str) -> Pair:
    return Pair("2 dangers of alliances", reference, text, **more)


def chances(logits: Sequence[float]) -> list[float]:
    return [math.exp(logit) for logit in logits]


# What label names mean


@pytest.mark.parametrize(
    ("label", "reading"),
    [
        pytest.param("entailment", EXPRESSES, id="the field's word"),
        pytest.param("ENTAILMENT", EXPRESSES, id="any case"),
        pytest.param("Not Entailment", NEITHER, id="any mark between words"),
        pytest.param("non-entailment", NEITHER, id="another way to deny it"),
        pytest.param("not_duplicate", NEITHER, id="a denied paraphrase is no contradiction"),
        pytest.param("neutral", NEITHER, id="neutral"),
        pytest.param("contradiction", CONTRADICTS, id="contradiction"),
        pytest.param("not_contradiction", None, id="what is not denied may be expressed or not"),
        pytest.param("LABEL_1", None, id="a name that says nothing"),
        pytest.param("", None, id="no name"),
        *(pytest.param(reading, reading, id=f"our own: {reading}") for reading in READINGS),
    ],
)
def test_label_names(label: str, reading: str | None) -> None:
    assert reading_named(label) == reading


@pytest.mark.parametrize(
    ("names", "values", "expected"),
    [
        pytest.param(
            ["contradiction", "entailment", "neutral"], [0.0, 2.0, 1.0], [0.6652, 0.2447, 0.0900], id="any order"
        ),
        pytest.param(["entailment", "not_entailment"], [0.0, math.log(3)], [0.25, 0.75, 0.0], id="two labels"),
        pytest.param(["LABEL_0"], [math.log(4)], [0.8, 0.2, 0.0], id="a single logit"),
        pytest.param(["LABEL_0"], [-900.0], [0.0, 1.0, 0.0], id="a far logit"),
    ],
)
def test_outputs_as_probabilities(names: list[str], values: list[float], expected: list[float]) -> None:
    assert chances(outputs_of("m", names).logits(values)) == pytest.approx(expected, abs=1e-3)


def test_labels_of_one_meaning_add_up() -> None:
    said = ("expresses", "neither", "contradicts", "neither")
    outputs = outputs_of("m", ["correct", "partial", "contradictory", "irrelevant"], labels=said)
    assert chances(outputs.logits([0.0] * 4)) == pytest.approx([0.25, 0.5, 0.25], abs=1e-3)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(0.0, 0.0, id="the lowest"),
        pytest.param(4.0, 0.8, id="between"),
        pytest.param(5.0, 1.0, id="the highest"),
        pytest.param(6.5, 1.0, id="beyond the highest"),
    ],
)
def test_an_output_with_a_scale_is_no_logit(value: float, expected: float) -> None:
    assert chances(outputs_of("m", ["score"], scale=(0, 5)).logits([value]))[0] == pytest.approx(expected, abs=1e-3)


@given(
    st.permutations(["entailment", "neutral", "contradiction"]),
    st.lists(st.integers(-5000, 5000), min_size=3, max_size=3),
)
def test_readings_are_a_distribution_whatever_the_order(names: list[str], hundredths: list[int]) -> None:
    values = [value / 100 for value in hundredths]
    by_name = dict(zip(names, values, strict=True))
    found = outputs_of("m", names).logits(values)
    assert sum(chances(found)) == pytest.approx(1, abs=3e-3)
    assert found == outputs_of("m", sorted(names)).logits([by_name[name] for name in sorted(names)])
    assert all(LEAST <= one <= 0 for one in found)


@pytest.mark.parametrize(
    ("names", "more", "error", "message"),
    [
        pytest.param(["LABEL_0", "LABEL_1"], {}, ModelError, "'LABEL_0', 'LABEL_1'.*labels=", id="names say nothing"),
        pytest.param(
            ["entailment", "half_entailment"],
            {},
            ModelError,
            "cannot tell what 'half_entailment' of its labels",
            id="one is not known",
        ),
        pytest.param(["neutral", "contradiction"], {}, ModelError, "none of its labels", id="nothing expresses"),
        pytest.param(
            ["a", "b"], {"labels": ["expresses"]}, UsageError, "has 2 outputs, and labels= names 1", id="too few labels"
        ),
        pytest.param(["a"], {"labels": ["good"]}, UsageError, "cannot tell what 'good'", id="a label of no meaning"),
        pytest.param(["a"], {"labels": ["neither"]}, UsageError, "none of its labels", id="labels without the first"),
        pytest.param(["entailment", "neutral"], {"scale": (0, 5)}, UsageError, "2 outputs", id="a scale of several"),
        pytest.param(["score"], {"scale": (1, 1)}, UsageError, "lowest and the highest", id="a scale of one value"),
    ],
)
def test_what_cannot_be_understood(
    names: list[str], more: dict[str, Any], error: type[GraderError], message: str
) -> None:
    with pytest.raises(error, match=message):
        outputs_of("some/model", names, **more)


def test_outputs_that_are_no_numbers_are_an_error() -> None:
    with pytest.raises(ModelError, match="not numbers"):
        Outputs((EXPRESSES,)).logits([math.nan])


# How a reading is weighed where no fusion was fitted


class Fixed:
    """A reader that says the same of every text, and remembers what it was shown."""

    name = "fixed-1"

    def __init__(self, *chances: float) -> None:
        self.logits = tuple(math.log(chance) if chance else LEAST for chance in chances)
        self.shown: list[Text] = []

    def read(self, texts: Sequence[Text]) -> list[tuple[float, float, float]]:
        self.shown += texts
        first, second, third = self.logits
        return [(first, second, third) for _ in texts]


def judge_of(reader: Fixed, *, sees_contradictions: bool = True) -> FusedJudge:
    return FusedJudge(reader, AsRead(sees_contradictions), EVIDENCE)


def test_a_probability_is_taken_as_it_is() -> None:
    [judgement] = judge_of(Fixed(0.7, 0.2, 0.1)).judge([pair("somebody else carries the load")])
    assert (judgement.expresses, judgement.contradicts, judgement.credit) == (0.7, 0.1, 0.7)
    assert judgement.reason is Reason.PARAPHRASE


def test_a_contradiction_that_is_read_counts() -> None:
    [judgement] = judge_of(Fixed(0.1, 0.1, 0.8)).judge([pair("they pay for everything themselves")])
    assert (judgement.contradicts, judgement.credit, judgement.reason) == (0.8, 0.0, Reason.CONTRADICTED)


def test_settled_pairs_are_not_read() -> None:
    reader = Fixed(0.1, 0.8, 0.1)
    [judgement] = judge_of(reader).judge([pair("States let others bear the burden.")])
    assert (judgement.expresses, judgement.reason, reader.shown) == (SETTLED, Reason.EXACT, [])


@pytest.mark.parametrize(
    ("reference", "text", "reason"),
    [
        pytest.param("Germany invaded Poland", "Poland invaded Germany", Reason.SWAPPED, id="exchanged roles"),
        pytest.param("1914", "in 1918", Reason.NUMBER_MISMATCH, id="another figure"),
    ],
)
def test_decisive_guards_veto_the_surest_reading(reference: str, text: str, reason: Reason) -> None:
    [judgement] = judge_of(Fixed(1.0, 0.0, 0.0)).judge([pair(text, reference)])
    assert judgement.reason is reason
    assert judgement.credit == 0
    assert judgement.expresses <= VETOED < judgement.contradicts


def test_a_bag_of_keywords_is_vetoed() -> None:
    reference = "states let others bear the burden of halting the rise of a state that threatens hegemony"
    bag = "hegemony burden states rise threatens halting others"
    [judgement] = judge_of(Fixed(1.0, 0.0, 0.0)).judge([pair(bag, reference)])
    assert (judgement.reason, judgement.credit) == (Reason.UNRELATED, 0.0)


@pytest.mark.parametrize(
    ("sees", "expresses", "contradicts"),
    [
        pytest.param(True, 0.9, 0.0, id="a reader that sees contradictions saw none"),
        pytest.param(False, VETOED, CONTRADICTION, id="one that cannot leaves them to the guards"),
    ],
)
def test_guards_speak_where_the_reader_cannot(sees: bool, expresses: float, contradicts: float) -> None:
    judge = judge_of(Fixed(0.9, 0.1, 0.0), sees_contradictions=sees)
    [judgement] = judge.judge([pair("states do not let others bear the burden")])
    assert (judgement.expresses, judgement.contradicts) == (expresses, contradicts)


def test_a_negation_of_something_else_contradicts_nothing() -> None:
    judge = judge_of(Fixed(0.05, 0.95, 0.0), sees_contradictions=False)
    [judgement] = judge.judge([pair("states do not let others bear the burden")])
    assert (judgement.expresses, judgement.contradicts) == (VETOED, 0.0)


def test_the_name_says_that_nothing_was_fitted() -> None:
    assert judge_of(Fixed(1, 0, 0)).name == "as-read+fixed-1"


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        pytest.param("", "Canberra", id="no prompt"),
        pytest.param("Capital of Australia", "Capital of Australia: Canberra", id="a heading"),
        pytest.param("What is its capital?", "What is its capital? Canberra", id="a question"),
    ],
)
def test_the_prompt_stands_before_the_reference(prompt: str, shown: str) -> None:
    assert with_prompt(Text("Sydney", "Canberra", prompt)) == shown


# The cache


@given(st.lists(st.sampled_from("abcdef"), max_size=30), st.integers(0, 4))
def test_the_cache_never_changes_a_reading(answers: list[str], capacity: int) -> None:
    cache = ReadingCache(capacity)
    asked: list[Text] = []

    def compute(texts: list[Text]) -> list[tuple[float, float, float]]:
        asked.extend(texts)
        return [(float(ord(text.answer)), 0.0, 0.0) for text in texts]

    for answer in answers:
        [(found, _, _)] = cache.read([Text(answer, "x")], compute)
        assert found == ord(answer)
        assert len(cache) <= capacity
    assert len(asked) >= len(set(answers))


def test_a_reading_in_use_outlives_an_older_one() -> None:
    cache = ReadingCache(2)
    asked: list[str] = []

    def compute(texts: list[Text]) -> list[tuple[float, float, float]]:
        asked.extend(text.answer for text in texts)
        return [(0.0, 0.0, 0.0)] * len(texts)

    for answer in ("a", "b", "a", "c", "a", "b"):
        cache.read([Text(answer, "x")], compute)
    assert asked == ["a", "b", "c", "b"]


# The real thing


@pytest.mark.skipif(INSTALLED, reason="the extra is installed")
def test_the_missing_extra_is_named() -> None:
    with pytest.raises(UsageError, match=r"free-text-grader\[sentence-transformers\]"):
        CrossEncoderJudge("any/model")
    assert "sentence_transformers" not in sys.modules


WORDS = "states let others bear the burden do not free riding chain gang sep load carry 2 dangers of alliances : . ?"
TEXTS = [
    Text("others carry the load", "states let others bear the burden"),
    Text("free riding", "chain gang", "2 dangers of alliances"),
    Text("", "states"),
    Text("load " * 200, "burden " * 200),
    Text("\ud800 load", "states"),
]
NLI = ("contradiction", "entailment", "neutral")


def save(folder: Path, names: Sequence[str], *, head: bool = True) -> Path:
    """A tiny BERT with random weights, the same every time."""
    import torch
    import transformers

    folder.mkdir()
    letters = [mark + letter for letter in "abcdefghijklmnopqrstuvwxyz0123456789[]" for mark in ("", "##")]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys([*WORDS.split(), *letters])]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    transformers.BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=48).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=48,
        initializer_range=1.0,
        id2label=dict(enumerate(names)),
        label2id={name: index for index, name in enumerate(names)},
    )
    torch.manual_seed(1)
    (transformers.BertForSequenceClassification if head else transformers.BertModel)(config).save_pretrained(folder)
    return folder


@pytest.mark.skipif(not INSTALLED, reason="needs the extra sentence-transformers")
@pytest.mark.filterwarnings("ignore")  # what other packages deprecate
class TestAModelOfTheExtra:
    @pytest.fixture(scope="class")
    def folder(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return save(tmp_path_factory.mktemp("models") / "nli", NLI)

    @pytest.fixture(scope="class")
    def reader(self, folder: Path) -> CrossEncoderReader:
        return CrossEncoderReader(str(folder))

    def test_logits_are_those_of_the_model(self, folder: Path, reader: CrossEncoderReader) -> None:
        from sentence_transformers import CrossEncoder

        plain = CrossEncoder(str(folder), device="cpu", local_files_only=True)
        opposed, entailed, neutral = plain.predict([(TEXTS[0].answer, TEXTS[0].reference)], apply_softmax=True)[0]
        assert chances(reader.read(TEXTS[:1])[0]) == pytest.approx([entailed, neutral, opposed], abs=2e-3)

    def test_a_reading_does_not_depend_on_its_batch(self, folder: Path, reader: CrossEncoderReader) -> None:
        found = reader.read(TEXTS)
        assert found == list(reversed(CrossEncoderReader(str(folder)).read(TEXTS[::-1])))
        assert len(set(found)) == len(TEXTS)

    def test_threads_read_the_same(self, folder: Path, reader: CrossEncoderReader) -> None:
        fresh = CrossEncoderReader(str(folder))
        texts = [Text(" ".join(WORDS.split()[:count]), "states") for count in range(1, 20)] + TEXTS
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda text: fresh.read([text])[0], texts))
        assert found == reader.read(texts)

    def test_no_text_says_nothing(self, reader: CrossEncoderReader) -> None:
        assert reader.read([]) == []

    def test_marks_of_the_model_are_text_when_typed(self, reader: CrossEncoderReader) -> None:
        """A typed [SEP] would end the answer, a typed [PAD] leave no trace."""
        model = reader._model
        ids = model.tokenizer("load [SEP] [PAD] burden")["input_ids"]
        marks = set(model.tokenizer.all_special_ids) - {model.tokenizer.unk_token_id}
        assert [token for token in ids if token in marks] == [
            model.tokenizer.cls_token_id,
            model.tokenizer.sep_token_id,
        ]
        assert reader.read([Text("load [SEP] burden", "x")]) == reader.read([Text("load [sep] burden", "x")])

    def test_it_grades(self, folder: Path) -> None:
        from grader import Grader
        from grader.encode import CharNgramEncoder

        grader = Grader(encoder=CharNgramEncoder(), judge=CrossEncoderJudge(folder))
        card = Card.from_items("2 dangers of alliances", ["Chain-ganging", REFERENCE])
        answers = ["chain ganging, states let others bear the burden", "chain gangs", "", "free riding, load"]
        grades = list(grader.grade_many((card, answer) for answer in answers))
        assert [grades[0].score, grades[2].score] == [1.0, 0.0]
        assert grades == [grader.grade(card, answer) for answer in reversed(answers)][::-1]
        assert re.search(r"\|judge:as-read\+nli@[0-9a-f]{8}\|calibration:none\|", grader.signature)

    def test_the_name_follows_what_a_reading_depends_on(self, folder: Path, reader: CrossEncoderReader) -> None:
        assert CrossEncoderReader(str(folder)).name == reader.name
        other = CrossEncoderReader(str(folder), labels=("expresses", "contradicts", "neither"))
        assert other.name != reader.name
        first, second, third = reader.read(TEXTS[:1])[0]
        assert other.read(TEXTS[:1]) == [(third, second, first)]

    def test_a_single_output_is_a_logit_however_it_is_shown(self, tmp_path: Path) -> None:
        from sentence_transformers import CrossEncoder

        folder = save(tmp_path / "similarity", ["LABEL_0"])
        [raw] = CrossEncoder(str(folder), device="cpu", local_files_only=True).predict(
            [(TEXTS[0].answer, TEXTS[0].reference)]
        )
        reader = CrossEncoderReader(str(folder))
        expressed, neither, opposed = chances(reader.read(TEXTS[:1])[0])
        assert (expressed, neither) == pytest.approx((raw, 1 - raw), abs=2e-3)
        assert opposed < 1e-9
        assert not reader.outputs.sees_contradictions
        # What a scale is given for is read as the model shows it: here through its sigmoid, from 0 to 1.
        scaled = CrossEncoderReader(str(folder), scale=(0, 1))
        assert chances(scaled.read(TEXTS[:1])[0]) == pytest.approx([raw, 1 - raw, 0], abs=2e-3)

    def test_an_output_that_is_no_logit_needs_a_scale(self, tmp_path: Path) -> None:
        folder = save(tmp_path / "tanh", ["LABEL_0"])
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        config["sentence_transformers"] = {"activation_fn": "torch.nn.modules.activation.Tanh"}
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
        with pytest.raises(UsageError, match=r"Tanh.*scale="):
            CrossEncoderReader(str(folder))
        assert len(CrossEncoderReader(str(folder), scale=(-1, 1)).read(TEXTS)) == len(TEXTS)

    def test_labels_without_a_meaning_are_asked_for(self, tmp_path: Path) -> None:
        folder = save(tmp_path / "plain", ["LABEL_0", "LABEL_1", "LABEL_2"])
        with pytest.raises(ModelError, match=r"LABEL_0.*labels="):
            CrossEncoderJudge(folder)
        assert CrossEncoderJudge(folder, labels=NLI).name.startswith("as-read+plain@")

    def test_a_model_without_trained_outputs_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="BertModel without trained outputs"):
            CrossEncoderJudge(save(tmp_path / "encoder", ["LABEL_0"], head=False))

    def test_a_model_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="allow_download=True"):
            CrossEncoderJudge(tmp_path / "nowhere")

    def test_damaged_weights_are_an_error(self, tmp_path: Path) -> None:
        folder = save(tmp_path / "damaged", NLI)
        weights = folder / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:100])
        with pytest.raises(ModelError, match="cannot load it"):
            CrossEncoderJudge(folder)

    def test_a_reader_is_not_sent_to_other_processes(self, reader: CrossEncoderReader) -> None:
        with pytest.raises(UsageError, match="build it anew"):
            pickle.dumps(reader)

    @pytest.mark.model
    def test_the_example_of_the_readme(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        readme = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
        [code] = re.findall(r"```py\n(.*?)```", readme, re.DOTALL)
        exec(compile(code.replace("path/to/model", folder.as_posix()), "README.md", "exec"), {})
        assert "|judge:as-read+nli@" in capsys.readouterr().out
