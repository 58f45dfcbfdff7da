"""The options that commands share, as types of their parameters."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from kpicli.words.calendar import GRAINS


def _grains() -> list[str]:
    return list(GRAINS)


def _reading_dates() -> list[str]:
    return ["latest", "today"]


def _formats() -> list[str]:
    return ["table", "markdown", "html", "json", "csv"]


def _check_formats() -> list[str]:
    return [*_formats(), "junit", "github", "line"]


Names = Annotated[
    list[str] | None,
    Argument(metavar="NAME", help="Reports or KPIs; `all` is everything.", show_default=False),
]
Kpi = Annotated[str, Argument(metavar="KPI", help="A KPI of the definitions.")]
KpiOrPage = Annotated[
    str | None,
    Argument(
        metavar="[NAME]",
        help="A KPI of the definitions, a kind, or a page; nothing lists them.",
        show_default=False,
    ),
]
SourceName = Annotated[str, Argument(metavar="SOURCE", help="A source of the definitions.")]
Definitions = Annotated[
    str,
    Option("-f", "--definitions", metavar="FILE", help="The definitions.", show_default=True),
]
Data = Annotated[
    Path | None,
    Option("--data", metavar="FOLDER", help="Where paths are seen from, instead of FILE's folder."),
]
AsOf = Annotated[
    str,
    Option(
        "--as-of",
        metavar="DATE",
        help="The reading date: a date (its first instant), today, or latest, the newest row.",
        autocompletion=_reading_dates,
    ),
]
Grain = Annotated[
    str | None,
    Option(
        "--grain",
        metavar="GRAIN",
        help="day, week, month, quarter or year.",
        autocompletion=_grains,
    ),
]
Periods = Annotated[
    int | None, Option("--periods", metavar="N", min=1, max=520, help="How many periods.")
]
Period = Annotated[
    str | None,
    Option("--period", metavar="LABEL", help="The period, such as 2025-W38; else the newest."),
]
Part = Annotated[str | None, Option("--part", metavar="PART", help="A second number of the KPI.")]
Age = Annotated[
    int | None, Option("--age", metavar="N", min=0, help="A column of a grid of cohorts.")
]
By = Annotated[
    list[str] | None,
    Option(
        "--by", metavar="SEGMENT", help="Split by a segment or a column; repeated or with commas."
    ),
]
For = Annotated[
    list[str] | None,
    Option(
        "--for",
        metavar="SEGMENT=VALUE",
        help="Only this value of a segment or column; repeated or with commas.",
    ),
]
Where = Annotated[
    str | None,
    Option("--where", metavar="CONDITION", help="Only rows with this, such as \"plan = 'pro'\"."),
]
Format = Annotated[
    str | None,
    Option(
        "--format",
        metavar="FORMAT",
        help="table, markdown, html, json or csv.",
        autocompletion=_formats,
    ),
]
CheckFormat = Annotated[
    str | None,
    Option(
        "--format",
        metavar="FORMAT",
        help="table, markdown, html, json, csv, junit, github or line.",
        autocompletion=_check_formats,
    ),
]
TableOrJson = Annotated[
    str,
    Option(
        "--format",
        metavar="FORMAT",
        help="table or json.",
        autocompletion=lambda: ["table", "json"],
    ),
]
RowsFormat = Annotated[
    str | None,
    Option(
        "--format",
        metavar="FORMAT",
        help="table, markdown, json or csv.",
        autocompletion=lambda: ["table", "markdown", "json", "csv"],
    ),
]
PageFormat = Annotated[
    str,
    Option(
        "--format",
        metavar="FORMAT",
        help="table, markdown or json.",
        autocompletion=lambda: ["table", "markdown", "json"],
    ),
]
Outputs = Annotated[
    list[str] | None,
    Option(
        "-o",
        "--output",
        metavar="PATH",
        help="A file instead of the screen, its ending the format; several times. "
        "Knows {report}, {label}, {start}, {last_day}.",
    ),
]
RowsOutputs = Annotated[
    list[str] | None,
    Option(
        "-o",
        "--output",
        metavar="PATH",
        help="A file with all rows, its ending .csv, .parquet or .json; several times. "
        "Knows {report}, {label}, {start}, {last_day}.",
    ),
]
IncludePartial = Annotated[
    bool, Option("--include-partial", help="Add the period that still runs, marked.")
]
Wide = Annotated[bool, Option("--wide", help="Periods as columns.")]
Parts = Annotated[
    bool, Option("--parts", help="Add the parts of each KPI: promoters, steps, measures, states.")
]
AllOrNothing = Annotated[
    bool, Option("--all-or-nothing", help="Write nothing if a part of it failed.")
]
ListLibrary = Annotated[bool, Option("--library", help="List the ready definitions.")]
ListSources = Annotated[bool, Option("--sources", help="List the sources.")]
ListPresets = Annotated[bool, Option("--presets", help="List the exports that are known.")]
ListSegments = Annotated[bool, Option("--segments", help="List the segments.")]
BrokenRows = Annotated[
    Path | None,
    Option(
        "--rows",
        metavar="FILE",
        help="Write all rows that break a rule of quality: to a CSV file.",
    ),
]
NoData = Annotated[bool, Option("--no-data", help="Open no file but the definitions.")]
Strict = Annotated[bool, Option("--strict", help="A near target (yellow) is missed, too.")]
NoCache = Annotated[
    bool, Option("--no-cache", help="Read all files anew, keep nothing of large ones.")
]
Verbose = Annotated[
    bool, Option("-v", "--verbose", help="Tell what is opened and how long it takes.")
]
Folder = Annotated[Path, Argument(metavar="FOLDER", help="Where the exports are.")]
Yes = Annotated[bool, Option("-y", "--yes", help="Ask nothing.")]
Force = Annotated[bool, Option("--force", help="Write over definitions that are there.")]
InitTimezone = Annotated[
    str | None,
    Option("--timezone", metavar="ZONE", help="Where days are cut, such as Europe/Berlin."),
]
InitCurrency = Annotated[
    str | None, Option("--currency", metavar="CODE", help="What amounts are in, such as EUR.")
]
InitDates = Annotated[
    str | None,
    Option(
        "--dates",
        metavar="ORDER",
        help="How dates like 03/04/2025 are meant: day-first or month-first.",
        autocompletion=lambda: ["day-first", "month-first"],
    ),
]
