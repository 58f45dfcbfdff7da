import pytest

from kpicli.words.durations import Duration, DurationError, parse_duration


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("28d", Duration(28, "d")),
        ("12mo", Duration(12, "mo")),
        ("30min", Duration(30, "min")),
        ("24h", Duration(24, "h")),
        ("4w", Duration(4, "w")),
        ("2q", Duration(2, "q")),
        ("1y", Duration(1, "y")),
        ("0d", Duration(0, "d")),
        (" 7 D ", Duration(7, "d")),
    ],
)
def test_a_duration_is_a_number_and_a_unit(written: str, expected: Duration) -> None:
    assert parse_duration(written) == expected


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("3m", "3m: min or mo?", "write 3min for minutes or 3mo for months"),
        ("28 days", "28 days is not a duration", "write 28d"),
        ("12months", "12months is not a duration", "write 12mo"),
        (28, "28 does not say of what", "write 28d for days or 28mo for months"),
        ("1.5h", "1.5h is not a whole number", "write 90min"),
        ("1.5d", "1.5d is not a whole number", "write 36h"),
        ("1.5mo", "1.5mo is not a whole number", "such as 28d"),
        ("3x", "3x is not a duration", "such as 28d"),
        ("-3d", "-3d is not a duration", "such as 28d"),
        ("1mo2d", "1mo2d is not a duration", "such as 28d"),
        ("", "nothing is not a duration", "such as 28d"),
        (True, "True is not a duration", "such as 28d"),
        (None, "None is not a duration", "such as 28d"),
    ],
)
def test_what_is_not_a_duration_is_refused_with_a_hint(
    written: object, message: str, hint: str
) -> None:
    with pytest.raises(DurationError) as caught:
        parse_duration(written)
    assert caught.value.message == message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "calendar", "canonical"),
    [
        ("30min", False, "30min"),
        ("2h", False, "120min"),
        ("1d", True, "1d"),
        ("4w", True, "28d"),
        ("3mo", True, "3mo"),
        ("1q", True, "3mo"),
        ("2y", True, "24mo"),
    ],
)
def test_elapsed_time_and_calendar_steps_stay_apart(
    text: str, calendar: bool, canonical: str
) -> None:
    duration = parse_duration(text)
    assert str(duration) == text
    assert duration.is_calendar is calendar
    assert str(duration.canonical) == canonical
