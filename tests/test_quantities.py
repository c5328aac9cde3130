from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.quantities import Agreement, Kind, compare_quantities, quantities

AGREE, MISMATCH, BOTH, NONE, ABSENT = (
    Agreement.AGREE,
    Agreement.MISMATCH,
    Agreement.BOTH_SIDES,
    Agreement.NONE,
    Agreement.ABSENT,
)


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        pytest.param("10⁶", 1e6, Kind.COUNT, id="raised figures are powers"),
        pytest.param("10^6", 1e6, Kind.COUNT, id="caret"),
        pytest.param("1e6", 1e6, Kind.COUNT, id="e notation"),
        pytest.param("106", 106, Kind.COUNT, id="106 is no power"),
        pytest.param("3×10^8 m/s", 3e8, Kind.NUMBER, id="times ten to the"),
        pytest.param("3 x 10⁸ m/s", 3e8, Kind.NUMBER, id="x for times"),
        pytest.param("6.02 × 10²³", 6.02e23, Kind.COUNT, id="mantissa with a point"),
        pytest.param("1,000", 1000, Kind.COUNT, id="comma groups"),
        pytest.param("1 000 g", 1000, Kind.NUMBER, id="space groups"),
        pytest.param("1,5 kg", 1.5, Kind.NUMBER, id="decimal comma"),
        pytest.param("0,125 kg", 0.125, Kind.NUMBER, id="decimal comma after nought"),
        pytest.param("twenty-one people", 21, Kind.COUNT, id="number words"),
        pytest.param("two hundred and six bones", 206, Kind.COUNT, id="hundreds in words"),
        pytest.param("four thousand two hundred", 4200, Kind.COUNT, id="thousands in words"),
        pytest.param("a hundred and fifty million", 1.5e8, Kind.COUNT, id="a hundred"),
        pytest.param("one point six metres", 1.6, Kind.NUMBER, id="spoken decimal"),
        pytest.param("one one two", 112, Kind.COUNT, id="spoken digits"),
        pytest.param("nineteen fourteen", 1914, Kind.COUNT, id="spoken year"),
        pytest.param("a dozen eggs", 12, Kind.COUNT, id="a dozen"),
        pytest.param("half a dozen", 6, Kind.COUNT, id="half a dozen"),
        pytest.param("two thirds", 2 / 3, Kind.PERCENT, id="fraction in words"),
        pytest.param("½", 0.5, Kind.PERCENT, id="fraction sign"),
        pytest.param("1/2", 0.5, Kind.PERCENT, id="fraction in figures"),
        pytest.param("2½", 2.5, Kind.NUMBER, id="mixed number"),
        pytest.param("half an hour", 0.5, Kind.NUMBER, id="part of a unit"),
        pytest.param("15 percent", 0.15, Kind.PERCENT, id="percent in words"),
        pytest.param("15%", 0.15, Kind.PERCENT, id="percent sign"),
        pytest.param("one in ten", 0.1, Kind.PERCENT, id="one in ten"),
        pytest.param("3 out of 4", 0.75, Kind.PERCENT, id="out of"),
        pytest.param("30:2", 15, Kind.PERCENT, id="ratio"),
        pytest.param("3k people", 3000, Kind.COUNT, id="k for thousand"),
        pytest.param("5bn", 5e9, Kind.COUNT, id="bn"),
        pytest.param("£5m", 5e6, Kind.MONEY, id="money"),
        pytest.param("in 1914", 1914, Kind.YEAR, id="year"),
        pytest.param("44 BC", -44, Kind.YEAR, id="before Christ"),
        pytest.param("500 BCE", -500, Kind.YEAR, id="before the common era"),
        pytest.param("2nd", 2, Kind.ORDINAL, id="ordinal"),
        pytest.param("second place", 2, Kind.ORDINAL, id="ordinal word"),
        pytest.param("5 seconds", 5, Kind.NUMBER, id="seconds of time"),
        pytest.param("2:30 pm", 870, Kind.TIME, id="time of day"),
        pytest.param("World War II", 2, Kind.LABEL, id="Roman label"),
        pytest.param("WW2", 2, Kind.LABEL, id="short label"),
        pytest.param("terminal 1", 1, Kind.LABEL, id="label noun"),
        pytest.param("SN1", 1, Kind.LABEL, id="glued label"),
        pytest.param("doubles", 2, Kind.TIMES, id="multiple in a word"),
        pytest.param("four times as large", 4, Kind.TIMES, id="times"),
        pytest.param("−70 mV", -70, Kind.NUMBER, id="minus sign"),
    ],
)
def test_reading(text: str, value: float, kind: Kind) -> None:
    (found,) = quantities(text)
    assert found.value == pytest.approx(value)
    assert found.kind is kind


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        pytest.param("1914-18", 1914, 1918, id="short second year"),
        pytest.param("1966 to 76", 1966, 1976, id="to"),
        pytest.param("the 1930s", 1930, 1939, id="decade"),
        pytest.param("the sixties", 1960, 1969, id="decade in a word"),
        pytest.param("19th century", 1800, 1899, id="century"),
        pytest.param("XIX century", 1800, 1899, id="Roman century"),
        pytest.param("4.0-5.5 mmol/L", 4.0, 5.5, id="dash"),
        pytest.param("between 5 °C and 63 °C", 5, 63, id="between"),
        pytest.param("7 ± 2", 5, 9, id="plus or minus"),
        pytest.param("-128 to 127", -128, 127, id="from a negative number"),
    ],
)
def test_ranges(text: str, low: float, high: float) -> None:
    (found,) = quantities(text)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize("text", ["4 July 1776", "July 4th, 1776", "1776-07-04", "4th of July 1776"])
def test_dates(text: str) -> None:
    (found,) = quantities(text)
    assert (found.value, found.month, found.day) == (1776, 7, 4)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1. denial 2. anger 3. bargaining", id="enumerators"),
        pytest.param("1) red\n2) blue", id="bracketed enumerators"),
        pytest.param("1 problem 2 ideas 3 prototype", id="bare enumeration"),
        pytest.param("this one", id="pronoun"),
        pytest.param("one of the causes", id="one of the"),
        pytest.param("no one knows", id="no one"),
        pytest.param("H2O", id="formula"),
        pytest.param("metres per second", id="second as a unit"),
        pytest.param("n - 1", id="part of a formula"),
        pytest.param("half-cells", id="half as part of a word"),
        pytest.param("Yesterday I left", id="the learner's I"),
    ],
)
def test_no_figures(text: str) -> None:
    assert quantities(text) == ()


@pytest.mark.parametrize(
    ("reference", "answer", "agreement"),
    [
        pytest.param("10⁶", "a million", AGREE, id="power in words"),
        pytest.param("10⁶", "106", MISMATCH, id="a power that lost its height"),
        pytest.param("5 mW", "5 MW", MISMATCH, id="milli is not mega"),
        pytest.param("9.81 m/s²", "9.8 m/s^2", AGREE, id="rounded to two figures"),
        pytest.param("3.14", "3", MISMATCH, id="rounded too far"),
        pytest.param("3.14", "3.1", AGREE, id="one place less"),
        pytest.param("299,792 km/s", "about 300,000 km/s", AGREE, id="round number"),
        pytest.param("299,792 km/s", "300 000 000 m/s", AGREE, id="round number in metres"),
        pytest.param("254", "256", MISMATCH, id="counts are exact"),
        pytest.param("9.8 N/kg", "9.8 m/s^2", AGREE, id="units of one dimension"),
        pytest.param("9.8 N/kg", "98 newtons per kilogram", MISMATCH, id="a decimal point lost"),
        pytest.param("0 °C", "32 degrees fahrenheit", AGREE, id="Fahrenheit"),
        pytest.param("0 °C", "273 K", AGREE, id="kelvin"),
        pytest.param("75 °C", "75 F", MISMATCH, id="the other degrees"),
        pytest.param("0 °C", "4 degrees", MISMATCH, id="degrees without a scale"),
        pytest.param("10 parsecs", "10 light-years", MISMATCH, id="another unit of length"),
        pytest.param("12 months", "12 weeks", MISMATCH, id="another unit of time"),
        pytest.param("12 months", "a whole year: 365 days", AGREE, id="time converted"),
        pytest.param("40,000 km", "about 25,000 miles", AGREE, id="miles"),
        pytest.param("5 to 6 cm", "2 inches", AGREE, id="inches"),
        pytest.param("13.8 billion years", "1.38e10 years", AGREE, id="billion"),
        pytest.param("3.6 million J", "3.6 kJ", MISMATCH, id="prefix of a thousand"),
        pytest.param("256 bits", "32 bytes", AGREE, id="bytes"),
        pytest.param("256 bits (32 bytes)", "256 bytes", MISMATCH, id="bits are not bytes"),
        pytest.param("30 dB", "3 bel", AGREE, id="bel"),
        pytest.param("60-100 beats per minute", "60 to 100 bpm", AGREE, id="rate"),
        pytest.param("60-100 beats per minute", "60 to 100 beats per second", MISMATCH, id="rate of another time"),
        pytest.param("60-100 beats per minute", "100-160 bpm", MISMATCH, id="another range"),
        pytest.param("4200 J/(kg °C)", "4.2 kJ/kg/°C", AGREE, id="compound unit"),
        pytest.param("0.40 mol/dm³", ".4 mol dm-3", AGREE, id="exponents as written"),
        pytest.param("4 mol", "4 g", MISMATCH, id="the number with a wrong unit"),
        pytest.param("4 g", "four grams a day", ABSENT, id="a rate is no other amount"),
        pytest.param("18 g", "18", AGREE, id="unit left out"),
        pytest.param("-70 mV", "around −65 to −70 millivolt", AGREE, id="range that holds it"),
        pytest.param("50%", "half", AGREE, id="half"),
        pytest.param("50%", "50", AGREE, id="per cent left out"),
        pytest.param("50%", "5%", MISMATCH, id="per cent differs"),
        pytest.param("10%", "only 1 in every 100", MISMATCH, id="one in a hundred"),
        pytest.param("80%", "one fifth is left", ABSENT, id="the rest of the whole"),
        pytest.param("30:2", "5:1", MISMATCH, id="ratio differs"),
        pytest.param("It becomes four times as large", "it goes up by 300%", ABSENT, id="a share is no multiple"),
        pytest.param("It becomes four times as large", "it doubles", MISMATCH, id="another multiple"),
        pytest.param("1914", "1915", MISMATCH, id="year"),
        pytest.param("1914", "1914, no, 1915", MISMATCH, id="corrected away from it"),
        pytest.param("1914", "1915, no, 1914", AGREE, id="corrected to it"),
        pytest.param("1914", "not 1915 but 1914", AGREE, id="a denied figure"),
        pytest.param("1914", "1914 or 1915", BOTH, id="two guesses"),
        pytest.param("1948", "10 Dec 48", AGREE, id="year without century"),
        pytest.param("4 July 1776", "1776", AGREE, id="date in part"),
        pytest.param("4 July 1776", "5 July 1776", MISMATCH, id="another day"),
        pytest.param("14th century", "13th", MISMATCH, id="century left out"),
        pytest.param("14th century", "1347", AGREE, id="year within the century"),
        pytest.param("1347", "14th century", ABSENT, id="century that holds the year"),
        pytest.param("1914-1918", "1914 to 18", AGREE, id="span of years"),
        pytest.param("1914-1918", "1939-45", MISMATCH, id="another span"),
        pytest.param("44 BC", "44 AD", MISMATCH, id="era"),
        pytest.param("14:30", "2:30 pm", AGREE, id="time of day"),
        pytest.param("World War II", "WW2", AGREE, id="names of one war"),
        pytest.param("World War I", "the second world war", MISMATCH, id="the other war"),
        pytest.param("terminal 1 is positive", "terminal 2 is positive", MISMATCH, id="label"),
        pytest.param("112", "one one two", AGREE, id="spoken digits"),
        pytest.param("six", "three pairs", ABSENT, id="counts something else"),
        pytest.param("7 cervical, 12 thoracic, 5 lumbar", "5 cervical, 12 thoracic, 7 lumbar", MISMATCH, id="crossed"),
        pytest.param("Rub hands for 20 seconds", "rub hands for 5 seconds", MISMATCH, id="figure in a sentence"),
        pytest.param("Rub hands for at least 20 seconds", "rub the hands for 30 seconds", ABSENT, id="within a bound"),
        pytest.param("Rub hands for 20 seconds", "rub your hands with soap", ABSENT, id="left out"),
        pytest.param("Rub hands with soap", "rub hands for 20 seconds", NONE, id="added"),
        pytest.param("Photosynthesis needs light at 400 nm", "it takes 2 weeks to grow", ABSENT, id="unrelated"),
        pytest.param("254", "2^8 - 2", ABSENT, id="a sum is not its parts"),
        pytest.param("1980", "three years after the last case in 1977", ABSENT, id="relative year"),
    ],
)
def test_comparison(reference: str, answer: str, agreement: Agreement) -> None:
    assert compare_quantities(reference, answer).agreement is agreement


def test_evidence_names_both_figures() -> None:
    verdict = compare_quantities("It ended in 1918", "it ended in 1919")
    assert verdict.mismatch
    assert verdict.evidence == "1919, not 1918"


def test_label_mismatch_says_that_it_is_one() -> None:
    assert compare_quantities("circuit 4", "circuit 5").kind is Kind.LABEL


def test_agreed_and_total_count_the_figures_of_the_reference() -> None:
    verdict = compare_quantities("4 kcal of carbohydrate, 9 kcal of fat", "fat has 9 kcal")
    assert (verdict.agreed, verdict.total) == (1, 2)


@given(st.text(max_size=80))
def test_every_figure_is_a_stretch_of_the_raw_text(text: str) -> None:
    end = 0
    for found in quantities(text):
        assert end <= found.start < found.end <= len(text)
        assert found.text == text[found.start : found.end]
        end = found.end


@given(st.text(alphabet="0123456789.,-–/:^×²³½ %£kKmMgsC°()and", max_size=40))
def test_odd_strings_are_read_without_error(text: str) -> None:
    for found in quantities(text):
        assert found.low <= found.high or math.isnan(found.value)
    compare_quantities(text, text)


@given(st.integers(min_value=2, max_value=999_999), st.sampled_from(["g", "km", "°C", "J", "%", "m/s"]))
def test_a_figure_agrees_with_itself(number: int, unit: str) -> None:
    text = f"{number} {unit}"
    assert compare_quantities(text, text).agreement is AGREE


@given(st.integers(min_value=1001, max_value=2099), st.integers(min_value=1001, max_value=2099))
def test_years_agree_only_when_equal(one: int, other: int) -> None:
    expected = AGREE if one == other else MISMATCH
    assert compare_quantities(f"in {one}", f"in {other}").agreement is expected
