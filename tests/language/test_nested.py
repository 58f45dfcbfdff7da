"""Fields within objects, however the file holds them."""

import json
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from language.folder import Folder, Told

EVENTS = [
    {
        "ts": f"{datetime(2024, 6, 1) + timedelta(days=day):%Y-%m-%d %H:%M:%S}",
        "user_id": f"u{day % 3}",
        "properties": {
            "$id": f"i{day}",
            "plan": ("pro", "free")[day % 2],
            "seats": day,
            "trial": day % 4 == 0,
            "at": 1_717_200_000 + day * 86_400,
            "big": 9_007_199_254_740_993,
            "Deep One": {"er": "x" if day < 5 else None},
        },
    }
    for day in range(30)
]
DEFINITIONS = """
sources:
  events:
    path: %s
    time: at
    columns: {at: properties.at, insert_id: properties.$id, er: properties.Deep One.er}
    dates: {at: seconds}
    unique: insert_id
segments:
  crew: {of: properties.seats, from: {small: 0, large: 20}}
kpis:
  rows: {kind: count, source: events, where: properties.plan = 'pro', grain: month}
  seats:
    {kind: sum, source: events, of: properties.seats, grain: month, by: [properties.plan, crew]}
  trial: {kind: share, source: events, count_if: properties.trial, grain: month}
  deep: {kind: count, source: events, where: er = 'x', grain: month}
  big: {kind: count, source: events, where: properties.big = '9007199254740993', grain: month}
  users:
    {kind: active, source: events, entity: user_id, population: seen, grain: month,
     by: [properties.plan], did: properties.plan is not null}
"""


def held(folder: Folder, kind: str) -> str:
    """The events as a file of some kind holds them, one row twice; its name."""
    rows = [*EVENTS, EVENTS[7]]
    texts = [{**one, "properties": json.dumps(one["properties"])} for one in rows]
    match kind:
        case "CSV":
            quoted = [str(one["properties"]).replace('"', '""') for one in texts]
            lines = [f'{r["ts"]},{r["user_id"]},"{q}"' for r, q in zip(texts, quoted, strict=True)]
            folder.put({"e.csv": "\n".join(("ts,user_id,properties", *lines)) + "\n"})
            return "e.csv"
        case "NDJSON":
            folder.put({"e.ndjson": "".join(json.dumps(one) + "\n" for one in rows)})
            return "e.ndjson"
        case "JSON in NDJSON":
            folder.put({"e.json": "".join(json.dumps(one) + "\n" for one in texts)})
            return "e.json"
        case "JSON in Parquet":
            folder.put({"e.parquet": pl.DataFrame(texts)})
        case _:
            folder.put({"e.parquet": pl.DataFrame(rows)})
    return "e.parquet"


KINDS = ["CSV", "NDJSON", "JSON in NDJSON", "JSON in Parquet", "struct in Parquet"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_address_is_a_column_wherever_columns_are(folder: Folder, kind: str) -> None:
    told = folder.tell(DEFINITIONS % held(folder, kind), as_of=date(2024, 7, 1))
    assert told.problems == ()
    label = "2024-06"
    assert told.value("rows", label) == 15
    assert told.value("seats", label) == sum(range(30))
    assert told.split("seats", label) == {"free": 225, "pro": 210, "small": 190, "large": 245}
    assert told.value("trial", label) == pytest.approx(8 / 30)
    assert told.value("deep", label) == 5
    assert told.value("big", label) == 30
    assert told.split("users", label) == {"free": 3, "pro": 3}
    assert told.source("events").not_read == {"duplicate": 1}


def told_of(folder: Folder, content: str, condition: str, keys: str = "", more: str = "") -> Told:
    folder.put({"e.csv": content})
    return folder.tell(
        f"""
        sources: {{events: {{path: e.csv{keys}}}{more}}}
        kpis: {{n: {{kind: count, source: events, where: "{condition}"}}}}
        """
    )


SOME = 'id,p\n1,"{""plan"": ""pro"", ""x"": null}"\n2,\n3,null\n4,{}\n5,[1]\n'


def test_what_is_missing_is_no_value(folder: Folder) -> None:
    told = told_of(folder, SOME, "p.plan = 'pro'")
    assert (told.record("n", "snapshot").value, told.problems) == (1, ())
    assert told.record("n", "snapshot").left_out == {"unknown": 4}
    assert told.source("events").not_read == {}


def test_a_cell_that_is_no_json_is_counted_with_its_place(folder: Folder) -> None:
    broken = SOME + "6,{'plan': 'pro'}\n"
    told = told_of(folder, broken, "p.plan = 'pro'", ", skip_bad_rows: 50%")
    assert told.record("n", "snapshot").left_out == {"unknown": 4, "unparsable": 1}
    (spot,) = told.source("events").spots
    assert (spot.row, spot.column, spot.text) == (6, "p.plan", "{'plan': 'pro'}")
    assert spot.why == "is no JSON"
    (problem,) = told_of(folder, broken, "p.plan = 'pro'").problems
    assert problem.message == "events.p.plan: 1 of 6 values are no JSON"


def test_a_field_of_no_row_is_refused_one_without_values_is_said(folder: Folder) -> None:
    (problem,) = told_of(folder, SOME, "p.plam = 'pro'").problems
    assert problem.message == "events has no p.plam in any row"
    assert "did you mean p.plan?" in (problem.hint or "")
    told = told_of(folder, SOME, "p.x = 'pro'")
    assert told.problems == ()
    assert told.source("events").notes == ("events.p.x has no value in any row",)
    assert told_of(folder, "id,p\n1,\n", "p.plan = 'pro'").problems == ()


def test_what_a_header_shows_is_refused_at_its_character(folder: Folder) -> None:
    folder.put({"e.ndjson": '{"p": {"plan": "pro"}}\n'})
    kpi = "kpis: {n: {kind: count, source: events, where: \"p.plam = 'pro'\"}}"
    plain = kpi.replace("p.plam", "p.the_plan")
    folder.put({"e.ndjson": '{"p": {"plan": "pro", "The Plan": "pro"}}\n'})
    assert folder.tell(f"sources: {{events: {{path: e.ndjson}}}}\n{plain}").problems == ()
    (problem,) = folder.refusal(f"sources: {{events: {{path: e.ndjson}}}}\n{kpi}")
    assert "did you mean p.plan?" in (problem.hint or "")
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (3, 49)


def test_a_source_of_that_name_wins_and_both_are_an_error(folder: Folder) -> None:
    folder.put({"plans.csv": "id,tier\n1,gold\n"})
    plans = ", id: {path: plans.csv, key: id}"
    told = told_of(folder, SOME, "id.tier = 'gold'", more=plans)
    assert (told.value("n", "snapshot"), told.problems) == (1, ())
    folder.put({"e.ndjson": '{"id": "1", "p": {"tier": "gold"}}\n'})
    (problem,) = folder.refusal("""
        sources: {events: {path: e.ndjson}, p: {path: plans.csv, key: id}}
        kpis: {n: {kind: count, source: events, where: "p.tier = 'gold'"}}
        """)
    assert problem.code == "two_meanings"
    assert "columns: {…: p.tier}" in (problem.hint or "")
    # A column of that very name wins too.
    told = told_of(folder, "p.plan,p\npro,x\n", "p.plan = 'pro'")
    assert (told.value("n", "snapshot"), told.problems) == (1, ())


NUMBERS = [
    ("seconds", 1_717_200_000),
    ("milliseconds", 1_717_200_000_000),
    ("microseconds", 1_717_200_000_000_000),
    ("YYYYMMDD", 20_240_601),
]


@pytest.mark.parametrize(("written", "number"), NUMBERS)
@pytest.mark.parametrize("file", ["e.parquet", "e.csv", "e.ndjson"])
def test_numbers_are_times_where_the_author_says_so(
    folder: Folder, file: str, written: str, number: int
) -> None:
    told = {
        "e.parquet": pl.DataFrame({"at": [number]}),
        "e.csv": f"at\n{number}\n",
        "e.ndjson": f'{{"at": {number}}}\n',
    }
    folder.put({file: told[file]})
    definitions = f"sources: {{e: {{path: {file}, time: at, dates: {{at: {written}}}}}}}\n"
    outcome = folder.tell(definitions + "kpis: {n: {kind: count, source: e, grain: month}}")
    assert outcome.source("e").first == date(2024, 6, 1)


def test_a_column_of_plain_texts_has_no_fields(folder: Folder) -> None:
    (problem,) = told_of(folder, "id,p\n1,red\n2,\n", "p.plan = 'pro'").problems
    assert problem.code == "missing_column"
