from __future__ import annotations

import pytest

import grader


def test_the_public_names_are_sorted_and_exist() -> None:
    assert list(grader.__all__) == sorted(grader.__all__)
    for name in grader.__all__:
        assert getattr(grader, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Gradr'"):
        _ = grader.Gradr


def test_errors_share_one_root() -> None:
    errors = (grader.AnswersError, grader.DeckError, grader.ModelError, grader.UsageError)
    assert all(issubclass(error, grader.GraderError) for error in errors)
