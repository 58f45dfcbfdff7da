"""A formula is told from values: it has no numerator and no denominator of its own."""

from pathlib import Path

from bakery import look


def test_a_formula_has_no_sums(tmp_path: Path) -> None:
    focus = look(tmp_path, "worth")
    result = focus.pick(focus.records())
    assert (result.value, result.numerator, result.denominator, result.n) == (7.0, None, None, 3)
