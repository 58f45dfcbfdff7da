"""Whether the values asked for are on the scale, and in the currency, that the KPI means."""

from collections.abc import Iterator

import polars as pl

from kpicli.engine.answers import Desk
from kpicli.engine.currencies import check_currency, in_one_currency
from kpicli.engine.holdings import check_holdings
from kpicli.engine.series import Asked as Request
from kpicli.errors import Problem, SourceError
from kpicli.needs import Asked, Holdings, Need
from kpicli.planning.plan import Step
from kpicli.words.sizes import sized_names

# So few answers may all be low by chance.
_ENOUGH = 10


def check_scales(step: Step, desk: Desk, request: Request, currency: str) -> None:
    """SourceError where answers are on another scale, or amounts in several currencies."""
    problems: list[Problem] = []
    for need in step.kpi.needs.values():
        asked = ("scale", need, tuple(request.only.items()), request.also)
        if asked not in desk.shared.sound:
            found = tuple(_problems(step, need, desk, request, currency))
            problems += found
            if not found:
                desk.shared.sound.add(asked)
    if problems:
        raise SourceError(problems)


def _problems(
    step: Step, need: Need, desk: Desk, request: Request, currency: str
) -> Iterator[Problem]:
    source = desk.opened[need.source]
    scaled = [asked for asked in need.asked if asked.within]
    money = any(
        source.types.get(name) == "money" for one in need.expressions() for name in sized_names(one)
    )
    held = isinstance(need, Holdings)
    if not scaled and not held and not (money and source.source.currency_column):
        return
    # Who did something is told as of a period's end, and here there are none.
    only = {
        name: value
        for name, value in request.only.items()
        if name not in desk.segments or desk.segments[name].did is None
    }
    answer = desk.answer(need, (), only, request.also, {}).frame
    counted = answer.to_native().filter(pl.col("left_out").is_null())
    for asked in scaled:
        yield from _off_scale(asked, need, counted)
    if isinstance(need, Holdings):
        yield from check_holdings(need, desk, counted)
    if money and not in_one_currency(source, source.source.currency or currency):
        keys = counted.join(
            source.frame, on=["file number", "row number"], how="inner", suffix=" of source"
        )
        yield from check_currency(source, keys, source.source.currency or currency)


def _off_scale(asked: Asked, need: Need, counted: pl.LazyFrame) -> Iterator[Problem]:
    low, high = asked.within or (0, 0)
    value = pl.col(asked.name)
    found = (
        counted.select(value.min().alias("min"), value.max().alias("max"), value.count().alias("n"))
        .collect(engine="streaming")
        .row(0, named=True)
    )
    if not found["n"]:
        return
    name = f"{need.source}: {asked.expression.text}"
    runs = f"runs from {found['min']:g} to {found['max']:g}"
    hint = f"answers from {low:g} to {high:g} are meant; a 1–5 scale is a share: kind: share"
    if found["min"] < low or found["max"] > high:
        yield Problem("scale", f"{name} {runs}", hint, source=need.source)
    elif asked.full_scale and found["max"] <= high / 2 and found["n"] >= _ENOUGH:
        sure = "; if the scale is right, write scale: 0-10"
        yield Problem(
            "scale",
            f"{name} {runs}: no answer is in the upper half",
            hint + sure,
            source=need.source,
        )
