"""Show the rows behind a number: file, row, what each adds, why the others do not.

Without --period the newest complete one; with --for those of one segment value; with --age those
of a cohort so many periods later; of a formula the rows of its inputs. The table has 50 rows,
--format csv and json, and -o FILE.csv, .json or .parquet, have all of them. Ids and addresses in
the files are shown as they are.
"""

from kpicli.cli.cachefolder import open_cache, write_cache
from kpicli.cli.options import (
    Age,
    AsOf,
    Data,
    Definitions,
    For,
    Grain,
    Kpi,
    NoCache,
    Part,
    Period,
    RowsFormat,
    RowsOutputs,
    Where,
)
from kpicli.cli.outcome import Asked, local_today, read_book
from kpicli.cli.question import question_of
from kpicli.cli.rowsoutput import choose_rows_output, write_rows
from kpicli.cli.screen import progress
from kpicli.flow import rows_behind


def command(  # noqa: PLR0913, PLR0917
    kpi: Kpi,
    period: Period = None,
    for_: For = None,
    part: Part = None,
    age: Age = None,
    definitions: Definitions = "kpi_definitions.yaml",
    data: Data = None,
    as_of: AsOf = "latest",
    grain: Grain = None,
    where: Where = None,
    format_: RowsFormat = None,
    output: RowsOutputs = None,
    no_cache: NoCache = False,
) -> int:
    """Find the number, gather its rows, write them."""
    asked = Asked(definitions, data, [kpi], as_of, grain, for_=for_, where=where, period=period)
    chosen = choose_rows_output(format_, output or ())
    book = read_book(definitions, data)
    today = local_today(book)
    question = question_of(asked, book, today, part, age)
    cache = open_cache(off=no_cache)
    with progress("computing …"):
        outcome, found = rows_behind(book, question, today, cache)
    write_rows(outcome, found, chosen)
    write_cache(cache)
    return 0
