"""The document that other programs read."""

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest
from acme import acme_outcome

from kpicli.errors import Place, Problem
from kpicli.render.csv import render as render_csv
from kpicli.render.json import render, render_problems
from kpicli.render.jsontext import json_text
from kpicli.render.options import Options
from kpicli.results import (  # fmt: skip
    Card,
    Comparison,
    FileRecord,
    Joined,
    Meta,
    Outcome,
    Result,
    SourceRecord,
    Spot,
    Summary,
)

SMALL = Outcome(
    Meta("0.1.0", "Acme", "weekly", date(2025, 9, 22), "Europe/Berlin", "kpi.yaml", "f00d", (
        SourceRecord(
            "deals", (FileRecord("deals.csv", 120, "2025-09-22T06:00:00+00:00"),), 9,
            date(2025, 9, 1), date(2025, 9, 21), date(2025, 9, 22), None,
            {"undated": 1, "duplicate": 2},
            (Spot("deals.csv", 3, "amount", "x", "not a number"),), ("comma found",),
            {"employees": 1}, joined=(Joined("account_id", "accounts", 9, 6, 2),
                                      Joined("owner_id", "users", 9, 9, 0)),
        ),
    )),
    (Card("won", "Won", None, "sum", "money:EUR", "deals", "week", "higher", "Sum of amount.",
          owner=("Sales",), file="kpi.yaml", line=4, fingerprint="beef",
          sources=("deals",), joins=(("deals", "account_id", "accounts"),)),),
    (
        Result("won", "week", "2025-W38", date(2025, 9, 15), date(2025, 9, 22), True,
               value=1200.0, numerator=1200.0, n=4, target={"from": 1000.0, "to": 1500.5},
               status="green", left_out={"excluded": 1},
               compare={"previous": Comparison(1000.5, 199.5, 0.1994)}),
        Result("won", "week", "2025-W38", date(2025, 9, 15), date(2025, 9, 22), False,
               by={"plan": "pro", "size": "small"}, value=float("nan"), low=float("inf"),
               reason="no_rows", part="open"),
    ),
    (),
    (Problem("late", "3 rows are late", "see kpi show", Place("kpi.yaml", 4, 2), "warning",
             kpi="won", source="deals"),),
    Summary(1, 1),
)  # fmt: skip

EXPECTED = """
{
  "schema": "kpi-results/1",
  "meta": {
    "tool": "kpi", "version": "0.1.0", "report": "weekly", "as_of": "2025-09-22",
    "timezone": "Europe/Berlin", "definitions": {"file": "kpi.yaml", "fingerprint": "f00d"},
    "sources": [
      {
        "name": "deals",
        "files": [{"path": "deals.csv", "size": 120, "modified": "2025-09-22T06:00:00+00:00"}],
        "rows": 9, "first": "2025-09-01", "last": "2025-09-21", "read_to": "2025-09-22",
        "quiet_days": null, "not_read": {"undated": 1, "duplicate": 2},
        "places": [
          {"file": "deals.csv", "row": 3, "column": "amount", "text": "x", "why": "not a number"}
        ],
        "notes": ["comma found"],
        "unmatched": [],
        "excluded": {"employees": 1}
      }
    ]
  },
  "kpis": [
    {
      "name": "won", "title": "Won", "group": null, "kind": "sum", "unit": "money:EUR",
      "counts": "deals", "grain": "week", "window": null, "better": "higher", "owner": ["Sales"],
      "if_red": null, "if_green": null, "definition": "Sum of amount.", "formula": null,
      "file": "kpi.yaml", "line": 4, "fingerprint": "beef",
      "coverage": [
        {
          "source": "deals", "read": 11, "rejected": 0, "duplicates": 2, "conflicts": 0, "rows": 9,
          "undated": 1, "later": 0, "excluded": {"employees": 1}, "unmatched": [],
          "joined": [
            {
              "column": "account_id", "table": "accounts", "rows": 9, "joined": 6, "empty": 2,
              "share": 0.6666666666666666
            }
          ]
        }
      ]
    }
  ],
  "results": [
    {
      "kpi": "won", "part": null, "grain": "week", "label": "2025-W38", "start": "2025-09-15",
      "end": "2025-09-22", "complete": true, "by": {}, "age": null, "value": 1200,
      "numerator": 1200, "denominator": null, "n": 4, "low": null, "high": null,
      "compare": {
        "previous": {"value": 1000.5, "change": 199.5, "change_ratio": 0.1994, "p": null}
      },
      "target": {"from": 1000, "to": 1500.5}, "yellow": null, "status": "green", "reason": null,
      "left_out": {"excluded": 1}, "unit": null
    },
    {
      "kpi": "won", "part": "open", "grain": "week", "label": "2025-W38", "start": "2025-09-15",
      "end": "2025-09-22", "complete": false, "by": {"plan": "pro", "size": "small"}, "age": null,
      "value": null, "numerator": null, "denominator": null, "n": 0, "low": null, "high": null,
      "compare": {}, "target": null, "yellow": null, "status": null, "reason": "no_rows",
      "left_out": {}, "unit": null
    }
  ],
  "problems": [
    {
      "level": "warning", "code": "late", "message": "3 rows are late", "hint": "see kpi show",
      "file": "kpi.yaml", "line": 4, "column": 2, "kpi": "won", "source": "deals"
    }
  ],
  "summary": {"targets": 1, "green": 1, "yellow": 0, "red": 0, "no_data": 0, "muted": 0}
}
"""

EXPECTED_CSV = """\
kpi,part,grain,label,start,end,complete,by,age,value,numerator,denominator,n,low,high,previous,\
change,change_ratio,p,target,yellow,status,reason,left_out,title,group,unit
won,,week,2025-W38,2025-09-15,2025-09-22,true,,,1200,1200,,4,,,1000.5,199.5,0.1994,,\
from=1000; to=1500.5,,green,,excluded=1,Won,,money:EUR
won,open,week,2025-W38,2025-09-15,2025-09-22,false,plan=pro; size=small,,,,,0,,,,,,,,,,no_rows,,\
Won,,money:EUR
"""


def in_order(value):
    """Objects as lists of pairs, so that their order counts."""
    if isinstance(value, dict):
        return [(key, in_order(inner)) for key, inner in value.items()]
    return [in_order(inner) for inner in value] if isinstance(value, list) else value


def test_the_document_is_the_contracts_in_shape_and_order():
    document = json.loads(render(SMALL, Options()))
    assert in_order(document) == in_order(json.loads(EXPECTED))


def test_the_same_outcome_gives_the_same_bytes_whatever_the_order_of_its_rows():
    whole = acme_outcome()
    backwards = sorted(whole.results, key=lambda one: one.label or "", reverse=True)
    again = replace(whole, results=tuple(backwards))
    assert render(whole, Options()) == render(again, Options())


def test_numbers_are_never_nan():
    text = render(SMALL, Options())
    assert "NaN" not in text
    assert "Infinity" not in text


def test_problems_alone_make_a_document_too():
    document = json.loads(render_problems(SMALL.problems))
    assert list(document) == ["schema", "meta", "kpis", "results", "problems", "summary"]
    assert document["meta"] is None
    assert document["problems"][0]["line"] == 4


def test_csv_has_a_row_per_result():
    assert render_csv(SMALL, Options()) == EXPECTED_CSV


def test_csv_rows_all_have_the_headers_width():
    rows = list(csv.reader(io.StringIO(render_csv(acme_outcome(), Options()))))
    assert len(rows) == len(acme_outcome().results) + 1
    assert {len(row) for row in rows} == {27}


def test_the_text_is_that_of_pythons_own_encoder() -> None:
    told = {
        "a": [], "b": {}, "c": [1, -2.5, 1e-7, 1e300, 2.0**53, None, True, False], "d": [[], [{}]],
        "e\n": {"ü\t\"": "\\ \u0001 €", "f": [{"g": 0.1, "h": ""}, "x"]}, "i": 10**20,
    }  # fmt: skip
    assert json_text(told) == json.dumps(told, indent=2, ensure_ascii=False)
    others = {1: date(2025, 9, 22), "n": (float("nan"), 3.0, -0.5)}
    assert json.loads(json_text(others)) == {"1": "2025-09-22", "n": [None, 3, -0.5]}
    with pytest.raises(TypeError, match="set"):
        json_text({"a": {1}})
