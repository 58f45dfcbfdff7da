"""From a book and a request to what is computed, in which order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kpicli.definitions.book import Book, Kpi
from kpicli.definitions.shape import Report
from kpicli.errors import RequestError, did_you_mean
from kpicli.planning.families import family_names
from kpicli.planning.request import Request
from kpicli.words.calendar import USUAL_PERIODS, Grain

EVERYTHING = "all"


@dataclass(frozen=True)
class Step:
    """A KPI in a grain; the steps of a formula's inputs come before it.

    shown False: computed for a formula only. judged False: in another grain than the one its
    target is stated in. depth: how many periods before the shown ones a formula looks back.
    Of the splits in by those in printed are shown; the others are computed for a formula. cuts
    are the value names of the segments that cut a number, in their order. Steps of one family
    meet in a formula, group by group: what one of them folds into (other) all of them do, and
    top says how many values stay.
    """

    kpi: Kpi
    grain: Grain
    periods: int
    by: tuple[tuple[str, ...], ...]
    shown: bool = True
    judged: bool = True
    depth: int = 0
    printed: tuple[tuple[str, ...], ...] = ()
    cuts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    family: str | None = None
    top: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What tells one step from another."""
        return self.kpi.name, self.grain

    @property
    def input_keys(self) -> tuple[tuple[str, str], ...]:
        """The steps that it is told from."""
        return tuple((name, self.grain) for name in self.kpi.inputs)


@dataclass(frozen=True)
class Plan:
    """The steps in computing order, and how the report is cut."""

    report: str | None
    title: str
    own_title: bool
    grain: Grain | None
    periods: int | None
    compare: tuple[str, ...]
    steps: tuple[Step, ...]
    request: Request
    order: Mapping[str, int] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[Step, ...]:
        """The steps that the report prints, in its order."""
        return tuple(
            sorted((s for s in self.steps if s.shown), key=lambda s: self.order[s.kpi.name])
        )


def make_plan(book: Book, request: Request) -> Plan:
    """What to compute; RequestError where the request names what is not there."""
    report_name, report = _report(book, request)
    names = _names(book, request, report)
    if not names and request.every_target and book.shown():
        raise RequestError("no KPI has a target", "add target: to a KPI, such as target: >= 5")
    if not names:
        raise RequestError("there is nothing to report", "add kpis: to the definitions")
    steps: dict[tuple[str, str], Step] = {}
    cuts = {name: tuple(one.cut) for name, one in book.segments.items() if one.cut}
    for name in names:
        _add(steps, replace(_step(book, book.kpis[name], request, report), cuts=cuts), book)
    return Plan(
        report=report_name,
        title=(report.title if report and report.title else book.title),
        own_title=bool(report and report.title),
        grain=request.grain or (report.grain if report else None),
        periods=request.periods or (report.periods if report else None),
        compare=report.compare if report else ("previous",),
        steps=with_families(tuple(steps.values())),
        request=request,
        order={name: place for place, name in enumerate(names)},
    )


def _report(book: Book, request: Request) -> tuple[str | None, Report | None]:
    if request.every_target or request.names == (EVERYTHING,):
        return (EVERYTHING if request.names else None), None
    if not request.names and book.reports:
        return next(iter(book.reports.items()))
    if len(request.names) == 1 and request.names[0] in book.reports:
        return request.names[0], book.reports[request.names[0]]
    return None, None


def _names(book: Book, request: Request, report: Report | None) -> tuple[str, ...]:
    if report is not None:
        return tuple(dict.fromkeys(_meant(book, report.kpis)))
    if request.every_target:
        return tuple(name for name in book.shown() if book.kpis[name].rules)
    if not request.names or request.names == (EVERYTHING,):
        return book.shown()
    return tuple(dict.fromkeys(_asked(book, request.names)))


def _meant(book: Book, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield from book.meant_by(name)


def _asked(book: Book, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        if name in book.reports:
            yield from _meant(book, book.reports[name].kpis)
        elif book.meant_by(name):
            yield from book.meant_by(name)
        else:
            known = (*book.reports, *book.shown(), EVERYTHING)
            raise RequestError(
                f"there is no report or KPI {name!r}", did_you_mean(name, known), "unknown_name"
            )


def _asked_splits(kpi: Kpi, names: Sequence[str], request: Request) -> Iterator[tuple[str]]:
    return ((name,) for name in names if (kpi.name, name) not in request.unsplit)


def home_grain(book: Book, kpi: Kpi) -> Grain:
    """The grain of a KPI that states none: of the first report that shows it, else week.

    So a check, an explanation and the report speak of the same number.
    """
    homes = (report.grain for report in book.reports.values() if kpi.origin in report.kpis)
    return next((grain for grain in homes if grain), "week")


def _step(book: Book, kpi: Kpi, request: Request, report: Report | None) -> Step:
    """A KPI that states its grain keeps it in a report of another; the command line may insist."""
    report_grain = report.grain if report else None
    grain = request.grain or kpi.grain or report_grain or home_grain(book, kpi)
    stated = kpi.grain is None or grain == kpi.grain
    of_report = report.periods if report and grain == report_grain else None
    by = kpi.by if request.by is None else tuple(_asked_splits(kpi, request.by, request))
    if report and report.by and request.by is None:
        by = (*by, *((name,) for name in report.by if (name,) not in by))
    return Step(
        kpi=kpi,
        grain=grain,
        periods=request.periods or of_report or USUAL_PERIODS[grain],
        by=by,
        judged=stated,
        printed=by,
    )


def _add(steps: dict[tuple[str, str], Step], step: Step, book: Book) -> None:
    """A step after the steps of its inputs; one step serves everybody who asks for it."""
    for name in step.kpi.inputs:
        needed = replace(
            step,
            kpi=book.kpis[name],
            shown=False,
            printed=(),
            depth=step.depth + step.kpi.shelf.look_back(step.kpi.written),
        )
        _add(steps, needed, book)
    known = steps.get(step.key)
    if known is None:
        steps[step.key] = step
        return
    steps[step.key] = replace(
        known,
        shown=known.shown or step.shown,
        judged=step.judged if step.shown else known.judged,
        depth=max(known.depth, step.depth),
        periods=max(known.periods, step.periods),
        by=tuple(dict.fromkeys((*known.by, *step.by))),
        printed=tuple(dict.fromkeys((*known.printed, *step.printed))),
    )


def with_families(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps with their families; the largest `top` among those who print holds for all."""
    links = {step.key: step.input_keys for step in steps if step.by}
    names = family_names(links)
    tops: dict[str, int] = {}
    for step in steps:
        if step.key in names and (step.printed or step.kpi.inputs):
            name = names[step.key]
            tops[name] = max(tops.get(name, 0), step.kpi.written.top)
    return tuple(
        replace(step, family=names[step.key], top=tops[names[step.key]])
        if step.key in names
        else step
        for step in steps
    )
