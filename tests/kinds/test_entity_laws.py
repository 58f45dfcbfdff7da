"""What may not change a number: the order of rows, the number of files, copies, strangers' rows."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_events import BERLIN, BOOK, HEADER, read_rows, write_events, write_rows
from running import DEFINITIONS, TODAY, run_folder

from kpicli.engine.evidence import evidence_of
from kpicli.engine.focus import focus_on
from kpicli.engine.followed import crowd_of, followed_rows
from kpicli.flow import open_book
from kpicli.planning.question import Question
from kpicli.results import Result

WHO = "entity: user_id, source: events"
STEPS = ", ".join(f"{{source: events, where: event = '{name}'}}" for name in "abc")
KPIS = {
    "active": f"kind: active, {WHO}, by: [users.plan, platform]",
    "stickiness": f"kind: stickiness, {WHO}, window: 14d, by: [platform]",
    "frequency": f"kind: frequency, {WHO}, by: [users.plan]",
    "lifecycle": f"kind: lifecycle, {WHO}",
    "adoption": f"kind: adoption, {WHO}, did: event = 'a', window: 14d, by: [users.plan]",
    "conversion": "kind: conversion, entity: user_id, from: {source: users}, "
    "to: {source: events, where: event = 'a'}, within: 7d",
    "nearest": "kind: conversion, entity: user_id, from: {source: events, where: event = 'a'}, "
    "to: {source: events, where: event = 'b'}, within: 7d, starts: nearest",
    "funnel": f"kind: funnel, entity: user_id, within: 7d, starts: every, steps: [{STEPS}]",
    "one_device": f"kind: funnel, entity: user_id, within: 7d, same: platform, steps: [{STEPS}]",
    "retention": f"kind: retention, {WHO}, ages: 2, by: [users.plan]",
    "in_days": f"kind: retention, {WHO}, age_in: day, ages: 3, mode: on_or_after, same: platform",
    "wait": "kind: time_to, entity: user_id, from: {source: users}, by_day: 7, by: [users.plan], "
    "to: {source: events, where: event = 'a'}, lost: event = 'c', unit: hours",
    "strict": f"kind: funnel, entity: user_id, within: 7d, order: strict, steps: [{STEPS}]",
}
DEFINED = BOOK + "".join(f"  {name}: {{{kpi}}}\n" for name, kpi in KPIS.items())
Told = list[Result]


def told(folder: Path) -> Told:
    (folder / DEFINITIONS).write_text(DEFINED, encoding="utf-8")
    outcome = run_folder(folder, periods=6)
    assert outcome.problems == ()
    return list(outcome.results)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plain")
    write_events(folder, 5)
    return folder


@pytest.fixture(scope="module")
def plain(folder: Path) -> Told:
    return told(folder)


@settings(max_examples=6, deadline=None)
@given(
    shuffle=st.integers(0, 2**20),
    files=st.integers(1, 4),
    copies=st.booleans(),
    strangers=st.integers(0, 30),
)
def test_nothing_but_the_rows_counts(
    shuffle: int, files: int, copies: bool, strangers: int, plain: Told
) -> None:
    with TemporaryDirectory() as name:
        folder, draw = Path(name), random.Random(shuffle)
        write_events(folder, 5)
        rows = read_rows(folder / "events.csv")
        (folder / "events.csv").unlink()
        rows += [list(row) for row in rows] if copies else []
        rows += [
            [f"x{n}", draw.choice(rows)[1], "somebody", draw.choice("abc"), "web"]
            for n in range(strangers)
        ]
        draw.shuffle(rows)
        for place in range(files):
            write_rows(folder / f"events{place}.csv", HEADER, rows[place::files])
        assert [_counting(one) for one in told(folder)] == [_counting(one) for one in plain]


def _counting(one: Result) -> object:
    """A result without the strangers, who are counted as unknown."""
    left_out = {why: n for why, n in one.left_out.items() if why != "unknown"}
    by = tuple(one.by.items())
    return (
        one.kpi,
        one.part,
        one.label,
        by,
        one.age,
        one.value,
        one.n,
        one.low,
        one.reason,
        left_out,
    )


def test_a_shifted_clock_shifts_the_weeks(plain: Told, tmp_path: Path) -> None:
    """The same clock times 52 weeks before, when the clock goes forward on another day."""
    write_events(tmp_path, 5)
    for file, columns in (("events", (1,)), ("users", (1, 2))):
        path = tmp_path / f"{file}.csv"
        header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        rows = read_rows(path)
        for row in rows:
            for column in columns:
                row[column] = row[column] and _earlier(row[column])
        write_rows(path, header, rows)
    shifted = {_place(one, -timedelta(weeks=52)): one for one in told(tmp_path)}
    for one in plain:
        found = shifted[_place(one, timedelta())]
        assert (found.value, found.n, found.reason) == (one.value, one.n, one.reason)


def _earlier(written: str) -> str:
    return (datetime.fromisoformat(written).astimezone(BERLIN) - timedelta(weeks=52)).isoformat()


def _place(one: Result, back: timedelta) -> object:
    return one.kpi, one.part, tuple(one.by.items()), one.age, one.start and one.start - back


def test_a_split_by_what_somebody_is_adds_up(plain: Told) -> None:
    """Everybody stands in one group of a plan: counts add up, and so do both sides of a rate."""
    for name in ("active", "frequency", "adoption", "retention", "wait"):
        mine = [one for one in plain if one.kpi == name and one.part not in ("median", "mean")]
        for whole in (one for one in mine if not one.by):
            parts = [
                one
                for one in mine
                if list(one.by) == ["users.plan"]
                and (one.part, one.label, one.age) == (whole.part, whole.label, whole.age)
            ]
            assert sum(one.n for one in parts) == whole.n
            counts = sum(one.numerator or 0 for one in parts)
            assert counts == pytest.approx(whole.numerator or 0)


@pytest.mark.parametrize("kpi", KPIS)
def test_the_rows_behind_every_number_are_there(kpi: str, folder: Path, plain: Told) -> None:
    """Each part and group of a week: evidence that does not add up is a fault of the program."""
    results = [one for one in plain if one.kpi == kpi and one.label == "2025-W14"]
    book = open_book(folder / DEFINITIONS, {})
    for one in results:
        question = Question(kpi, one.label, one.by, one.part, age=one.age)
        focus = focus_on(book, question, TODAY)
        (found,) = evidence_of(focus)
        crowd, ways = crowd_of(focus), followed_rows(focus) if one.part is None else ()
        assert crowd is not None
        assert crowd.counted == one.n
        assert all(
            way.counted + sum(rule.rows for rule in way.removed) == way.in_files for way in ways
        )
        assert found.counted == one.n
        assert len(found.frame) == one.n + found.left_out
        assert set(one.by) - {"users.plan"} <= set(found.frame.columns)


def test_a_funnel_only_narrows(plain: Told) -> None:
    """Of the same entrants no more take the third step than the second."""
    found = {
        (one.kpi, one.part, one.label): one.numerator or 0
        for one in plain
        if one.kpi in ("funnel", "strict", "one_device")
    }
    for (kpi, part, label), reached in found.items():
        if part == "step 3":
            assert reached <= found[kpi, "step 2", label]
            assert found[kpi, None, label] == reached
