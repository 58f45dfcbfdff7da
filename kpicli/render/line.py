"""One line about all targets, short enough for the subject of a mail."""

from kpicli.render.options import Format, Options
from kpicli.render.safe import clean
from kpicli.render.signs import write_plain
from kpicli.reports.sentences import count_targets, name_subject, write_title
from kpicli.reports.urgency import is_judged, worst_first
from kpicli.results import Outcome

_NAMED = 2


def render(outcome: Outcome, options: Options) -> str:
    """The counts, then the worst misses by name: "Acme KPIs – 9 targets: 8 met, … (NPS)"."""
    misses = [
        verdict
        for verdict in worst_first(outcome.verdicts)
        if is_judged(verdict) and verdict.status == "red"
    ]
    named = [name_subject(verdict, outcome, in_report=True) for verdict in misses[:_NAMED]]
    if len(misses) > _NAMED:
        named.append(f"{len(misses) - _NAMED} more")
    line = f"{write_title(outcome.meta)} – {count_targets(outcome.summary)}"
    line += f" ({'; '.join(named)})" if named else ""
    return write_plain(clean(line), options.plain_signs) + "\n"


FORMAT = Format("line", (), render, views=("check",))
