"""Print a report, or write it to files.

NAME is a report or a KPI of the definitions; without one the first report, or every KPI where
there is none. What a broken file touches is shown as "no data" with the reason, the rest is
computed: exit 3.
"""

from kpicli.cli.cachefolder import open_cache, write_cache
from kpicli.cli.options import (
    AllOrNothing,
    AsOf,
    By,
    Data,
    Definitions,
    For,
    Format,
    Grain,
    IncludePartial,
    Names,
    NoCache,
    Outputs,
    Parts,
    Periods,
    Verbose,
    Where,
    Wide,
)
from kpicli.cli.outcome import Asked, compute
from kpicli.cli.output import choose_output, write_outcome
from kpicli.render.options import Options
from kpicli.verdicts import report_exit_code


def command(  # noqa: PLR0913, PLR0917
    names: Names = None,
    definitions: Definitions = "kpi_definitions.yaml",
    data: Data = None,
    as_of: AsOf = "latest",
    grain: Grain = None,
    periods: Periods = None,
    by: By = None,
    for_: For = None,
    where: Where = None,
    include_partial: IncludePartial = False,
    wide: Wide = False,
    parts: Parts = False,
    format_: Format = None,
    output: Outputs = None,
    all_or_nothing: AllOrNothing = False,
    no_cache: NoCache = False,
    verbose: Verbose = False,
) -> int:
    """Compute, write, say how it went."""
    asked = Asked(
        definitions=definitions,
        data=data,
        names=names,
        as_of=as_of,
        grain=grain,
        periods=periods,
        by=by,
        for_=for_,
        where=where,
        include_partial=include_partial,
        verbose=verbose,
    )
    chosen = choose_output(Options(wide=wide, parts=parts), format_, output or (), all_or_nothing)
    cache = open_cache(off=no_cache)
    outcome = compute(asked, cache)
    code = report_exit_code(outcome)
    write_outcome(outcome, chosen, failed=code != 0)
    write_cache(cache, verbose=verbose)
    return code
