"""Vectors: their shape and length, their independence of company, order, threads and cache, and their parity."""

from __future__ import annotations

import base64
import importlib.util
import json
import random
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from grader.encode import SHIPPED, CharNgramEncoder, Encoder, OnnxEncoder, SentenceTransformerEncoder, default_encoder
from grader.encode.cache import VectorCache
from grader.encode.onnx import CHARACTERS_READ, LENGTHS, LONGEST, TOKENS_A_RUN, _runs
from grader.errors import GraderError, ModelError, UsageError
from grader.models import verified

model = pytest.mark.model
GOLDEN = json.loads((Path(__file__).parent / "data" / "golden_vectors.json").read_text(encoding="utf-8"))
TEXT = "the river carries sand stones water down to a flat valley where it slows and lets go of them"
WORDS = TEXT.split(" ")
Floats = NDArray[np.float32]


def golden(name: str) -> Floats:
    rows = [np.frombuffer(base64.b64decode(text), "<f2") for text in GOLDEN[name]]
    return np.stack(rows).astype(np.float32)


def cosines(one: Floats, other: Floats) -> Floats:
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    found: Floats = (one * other).sum(axis=1) / lengths
    return found


def shipped(threads: int | None = None, vectors_kept: int = 0) -> OnnxEncoder:
    graph, _, tokenizer = (verified(name) for name in SHIPPED)
    return OnnxEncoder(graph, tokenizer, threads=threads, vectors_kept=vectors_kept)


@pytest.fixture(scope="module")
def onnx() -> OnnxEncoder:
    """The shipped encoder without a cache, so that every call reaches the model."""
    return shipped()


@pytest.fixture(params=["char n-grams", pytest.param("shipped", marks=model)])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return CharNgramEncoder() if request.param == "char n-grams" else default_encoder()


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    vectors = encoder.encode([])
    assert vectors.shape == (0, encoder.dimension)
    assert vectors.dtype == np.float32


ODD = [
    pytest.param("", id="empty"),
    pytest.param(" \t\n", id="blank"),
    pytest.param("a", id="one letter"),
    pytest.param("\x00\x07", id="control characters"),
    pytest.param("🙂🙂👍🏽", id="emoji"),
    pytest.param("שלום עולם", id="right to left"),
    pytest.param("half \ud83d of a pair", id="lone surrogate"),
    pytest.param("x" * 1_000_000, id="a megabyte without a space"),
    pytest.param("so " * 333_333, id="a megabyte of words"),
]


@pytest.mark.parametrize("text", ODD)
def test_any_text_gives_a_unit_vector(encoder: Encoder, text: str) -> None:
    text = text[:20_000] if isinstance(encoder, CharNgramEncoder) else text
    vectors = encoder.encode([text])
    assert vectors.shape == (1, encoder.dimension)
    assert np.linalg.norm(vectors[0]) == pytest.approx(1, abs=1e-5)


def test_equal_texts_have_equal_vectors_and_rows_keep_their_order(encoder: Encoder) -> None:
    first, other, again = encoder.encode(["free riding", "buck-passing", "free riding"])
    assert first.tobytes() == again.tobytes()
    assert other.tobytes() == encoder.encode(["buck-passing"]).tobytes()
    assert first.tobytes() != other.tobytes()


def test_what_a_caller_does_to_its_rows_stays_with_the_caller(encoder: Encoder) -> None:
    before = encoder.encode(["soft power"])
    expected = before.tobytes()
    before[:] = 0
    assert encoder.encode(["soft power"]).tobytes() == expected


@given(st.lists(st.text(max_size=40), max_size=6), st.randoms(use_true_random=False))
def test_char_ngrams_do_not_depend_on_company(texts: list[str], order: random.Random) -> None:
    encoder = CharNgramEncoder()
    alone = {text: encoder.encode([text])[0].tobytes() for text in texts}
    order.shuffle(texts)
    assert [row.tobytes() for row in encoder.encode(texts)] == [alone[text] for text in texts]


@pytest.mark.parametrize(
    ("near", "far"),
    [
        pytest.param("mitochondira", "ribosome", id="a slip is nearer than another word"),
        pytest.param("MITOCHONDRIA", "mitosis", id="case counts for nothing"),
        pytest.param("  mitochondria\n", "mitochondrial", id="white space counts for nothing"),
    ],
)
def test_char_ngrams_know_spelling(near: str, far: str) -> None:
    word, close, distant = CharNgramEncoder().encode(["mitochondria", near, far])
    assert word @ close > word @ distant


def of_many_lengths() -> list[str]:
    """Texts of each padded length, 1 to more than 256 tokens, all different."""
    repeated = WORDS * 23
    counts = [0, 1, 2, 4, 6, 7, 9, 10, 11, 13, 14, 17, 18, 21, 22, 25, 29, 33, 37, 45, 60, 70, 90, 120, 180, 250, 399]
    return [" ".join(repeated[start : start + count]) for count in counts for start in (0, 1)[: count + 1]]


@pytest.fixture(scope="module")
def alone(onnx: OnnxEncoder) -> dict[str, bytes]:
    """Vector of each text, encoded by itself."""
    return {text: onnx.encode([text])[0].tobytes() for text in of_many_lengths()}


@model
@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("size", [2, 7, 32])
def test_the_bytes_of_a_vector_depend_on_its_text_alone(size: int, threads: int, alone: dict[str, bytes]) -> None:
    texts = list(alone)
    random.Random(size * 10 + threads).shuffle(texts)
    encoder = shipped(threads)
    for start in range(0, len(texts), size):
        batch = texts[start : start + size]
        assert [row.tobytes() for row in encoder.encode(batch)] == [alone[text] for text in batch]


@model
def test_texts_of_one_length_together_keep_their_bytes(onnx: OnnxEncoder) -> None:
    """Whole runs of the model: the matrices are as tall as they get."""
    texts = [f"{first} {second}" for first in WORDS[:8] for second in WORDS[8:18]]
    together = onnx.encode(texts)
    for place in range(0, len(texts), 9):
        assert together[place].tobytes() == onnx.encode([texts[place]])[0].tobytes()


@model
def test_threads_share_an_encoder(alone: dict[str, bytes]) -> None:
    encoder, texts = shipped(vectors_kept=5), list(alone)[:24]
    found: dict[int, list[bytes]] = {}

    def work(number: int) -> None:
        mine = texts[number:] + texts[:number]
        found[number] = [row.tobytes() for row in encoder.encode(mine)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(4):
        assert found[number] == [alone[text] for text in texts[number:] + texts[:number]]


@model
def test_the_shipped_vectors_are_near_those_of_sentence_transformers() -> None:
    assert cosines(default_encoder().encode(GOLDEN["sentences"]), golden("sentence_transformers")).min() > 0.98


@model
def test_the_shipped_vectors_are_those_that_were_recorded() -> None:
    """Alike to the byte on the machine that recorded them; elsewhere a last digit may turn a rounding over (card)."""
    found = cosines(default_encoder().encode(GOLDEN["sentences"]), golden("shipped"))
    assert np.median(found) > 0.9999
    assert found.min() > 0.995


@model
def test_a_paraphrase_is_nearer_than_another_subject(onnx: OnnxEncoder) -> None:
    reference, paraphrase, other = onnx.encode(
        ["states let others bear the burden", "letting somebody else carry the load", "plants turn light into sugar"]
    )
    assert reference @ paraphrase > reference @ other + 0.2


@model
def test_marks_of_the_model_are_text_when_typed(onnx: OnnxEncoder) -> None:
    """A typed [PAD] would otherwise be masked, and [SEP] end the text."""
    plain, padded, ended = onnx.encode(["the dog", "the dog [PAD] [PAD]", "the dog [SEP]"])
    assert plain @ padded < 0.95
    assert plain @ ended < 0.99


@model
@pytest.mark.parametrize(
    "tail", [pytest.param("and a dragon", id="words"), pytest.param("x" * CHARACTERS_READ, id="many letters")]
)
def test_what_follows_the_longest_text_is_not_read(onnx: OnnxEncoder, tail: str) -> None:
    head = "sand " * LONGEST
    assert onnx.encode([head])[0].tobytes() == onnx.encode([head + tail])[0].tobytes()


@model
def test_the_name_tells_which_files_made_the_vectors(tmp_path: Path) -> None:
    graph, tokenizer = tmp_path / "exact.onnx", tmp_path / "tokenizer.json"
    for copy in (graph, tokenizer):
        copy.write_bytes(verified(f"encoder/{copy.name}").read_bytes())
    same = OnnxEncoder(graph, tokenizer).name
    tokenizer.write_bytes(tokenizer.read_bytes() + b"\n")
    changed = OnnxEncoder(graph, tokenizer).name
    assert same.startswith("exact@")
    assert same != changed


@model
@pytest.mark.parametrize("spoilt", ["exact.onnx", "tokenizer.json"])
def test_files_of_another_kind_are_named(tmp_path: Path, spoilt: str) -> None:
    bad = tmp_path / spoilt
    bad.write_bytes(b"no such thing")
    files = [bad if name == spoilt else verified(f"encoder/{name}") for name in ("exact.onnx", "tokenizer.json")]
    with pytest.raises(ModelError, match=f"{spoilt}: .*grader models verify"):
        OnnxEncoder(files[0], files[1]).encode(["a"])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.onnx: cannot be read"):
        OnnxEncoder(tmp_path / "model.onnx", tmp_path / "tokenizer.json")


@given(st.lists(st.integers(1, LONGEST), max_size=300))
def test_runs_take_each_text_once_at_the_least_length(lengths: list[int]) -> None:
    runs = list(_runs(lengths))
    assert sorted(place for _, places in runs for place in places) == list(range(len(lengths)))
    for length, places in runs:
        assert length * len(places) <= TOKENS_A_RUN
        for place in places:
            assert lengths[place] <= length
            assert all(shorter < lengths[place] for shorter in LENGTHS if shorter < length)


def test_the_model_card_shows_what_was_measured() -> None:
    root = Path(__file__).resolve().parents[1]
    measured = json.loads((root / "benchmarks" / "results" / "encoder_candidates.json").read_text(encoding="utf-8"))
    card = (root / "models" / "encoder" / "README.md").read_text(encoding="utf-8").splitlines()
    for name, row in measured["candidates"].items():
        shown = f"**{name}**" if name == measured["shipped"] else name
        assert "| " + " | ".join([shown, *map(str, row.values())]) + " |" in card


class Counted:
    """Encodes by n-grams, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: list[str]) -> Floats:
        self.asked += texts
        return CharNgramEncoder().encode(texts)


def through(cache: VectorCache, texts: list[str], compute: Counted) -> Floats:
    return cache.encode(texts, CharNgramEncoder.dimension, compute)


@pytest.mark.parametrize(
    ("calls", "asked"),
    [
        pytest.param([["a", "a", "b"]], ["a", "b"], id="a text of a call is computed once"),
        pytest.param([["a"], ["a"]], ["a"], id="a known text is not computed"),
        pytest.param([["a"], ["b"], ["c"], ["a"]], ["a", "b", "c", "a"], id="the oldest is forgotten"),
        pytest.param([["a"], ["b"], ["a"], ["c"], ["a"]], ["a", "b", "c"], id="use keeps a text"),
        pytest.param([["a", "b", "c", "d"]], ["a", "b", "c", "d"], id="a call may be larger than the cache"),
        pytest.param([["\ud800"], ["\ud801"]], ["\ud800", "\ud801"], id="lone surrogates are told apart"),
    ],
)
def test_a_cache_of_two(calls: list[list[str]], asked: list[str]) -> None:
    cache, compute = VectorCache(2), Counted()
    for texts in calls:
        assert (through(cache, texts, compute) == CharNgramEncoder().encode(texts)).all()
        assert len(cache) <= 2
    assert compute.asked == asked


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=5), max_size=12), st.integers(0, 4))
def test_a_cache_changes_no_vector(calls: list[list[str]], capacity: int) -> None:
    cache, compute = VectorCache(capacity), Counted()
    for texts in calls:
        assert (through(cache, texts, compute) == CharNgramEncoder().encode(texts)).all()
        assert len(cache) <= capacity


@pytest.mark.skipif(importlib.util.find_spec("sentence_transformers") is not None, reason="the extra is installed")
def test_the_missing_extra_is_named() -> None:
    with pytest.raises(UsageError, match=r"free-text-grader\[sentence-transformers\]") as raised:
        SentenceTransformerEncoder("any/model")
    assert isinstance(raised.value, GraderError)
    assert "sentence_transformers" not in sys.modules
