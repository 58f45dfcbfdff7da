"""Hold the newest numbers against their targets: exit 1 where one is missed.

NAME is a report or a KPI; without one every target of the definitions. Says a sentence for each
target that is not met, the worst first, and in the end one line that adds up. Exit 3 where a
file is missing or broken, or where a target that could not be judged says if_no_data: fail.
"""

from kpicli.cli.cachefolder import open_cache, write_cache
from kpicli.cli.options import (
    AllOrNothing,
    AsOf,
    By,
    CheckFormat,
    Data,
    Definitions,
    For,
    Grain,
    Names,
    NoCache,
    Outputs,
    Periods,
    Strict,
    Verbose,
    Where,
)
from kpicli.cli.outcome import Asked, compute
from kpicli.cli.output import choose_output, write_outcome
from kpicli.errors import RequestError
from kpicli.render.options import Options
from kpicli.results import Outcome
from kpicli.verdicts import exit_code, report_exit_code
from kpicli.words.calendar import SNAPSHOT


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
    strict: Strict = False,
    format_: CheckFormat = None,
    output: Outputs = None,
    all_or_nothing: AllOrNothing = False,
    no_cache: NoCache = False,
    verbose: Verbose = False,
) -> int:
    """Compute, judge, write, say how it went."""
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
        every_target=not names,
        verbose=verbose,
    )
    options = Options(view="check", strict=strict)
    chosen = choose_output(options, format_, output or (), all_or_nothing)
    cache = open_cache(off=no_cache)
    outcome = compute(asked, cache)
    if not outcome.summary.targets:
        part = "a target of all rows is not held against a part of them; targets: states one"
        hint = part if where or for_ else "add target: to a KPI"
        raise RequestError("there is nothing with a target to judge", hint)
    _refuse_other_grain(outcome)
    write_outcome(outcome, chosen, failed=report_exit_code(outcome) != 0)
    write_cache(cache, verbose=verbose)
    return exit_code(outcome, strict)


def _refuse_other_grain(outcome: Outcome) -> None:
    """RequestError where --grain leaves no target that could be judged in it."""
    stated = {card.name: card.stated for card in outcome.kpis}
    grains: dict[str, None] = {}
    for one in outcome.verdicts:
        grain = stated[one.kpi]
        if grain is None or one.result.grain in (grain, SNAPSHOT):
            return
        grains[grain] = None
    message = f"nothing to judge: the targets are stated per {' and per '.join(grains)}"
    raise RequestError(message, "leave --grain out", "grain")
