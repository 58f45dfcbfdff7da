"""Which of several answers of one respondent counts."""

import narwhals as nw

from kpicli.frames.lazy import Lazy
from kpicli.needs import ASKED_FOR

RESPONDENT, CYCLE = "respondent", "cycle"
# The place of a row among the files, whatever the engine calls it.
_PLACE = ("file number", "row number")


def newest_of_cycle(answers: Lazy, spans: Lazy) -> Lazy:
    """Answers with the older ones of a respondent and survey cycle marked as ineligible.

    answers: one row per answer; columns respondent and cycle ("" where there is none), day, at,
    answer, left_out. Only answers that count and were given by the reading date make others old.
    """
    read = spans.select(nw.col("read_day").max())
    cut = answers.join(read, how="cross").with_columns(
        cycled=(nw.col(CYCLE) != "")
        & (nw.col("read_day").is_null() | (nw.col("day") < nw.col("read_day")))
    )
    return _marked(cut, "cycled", (RESPONDENT, CYCLE)).drop("read_day", "cycled")


def newest_of_period(answers: Lazy) -> Lazy:
    """The same of a respondent and period, for answers without a cycle; column period is there."""
    free = answers.with_columns(free=nw.col(CYCLE) == "")
    return _marked(free, "free", (RESPONDENT, "period")).drop("free")


def only_asked(answers: Lazy) -> Lazy:
    """The answers of the segment value that is asked for."""
    return answers.filter(nw.col(ASKED_FOR)).drop(ASKED_FOR)


def _marked(answers: Lazy, compared: str, keys: tuple[str, ...]) -> Lazy:
    """Of answers alike in keys the newest stays; of two at one instant the lower one does."""
    known = nw.col(compared) & (nw.col(RESPONDENT) != "") & nw.col("left_out").is_null()
    rows = answers.with_columns(known=known, grade=-nw.col("answer"))
    order = ("at", "grade", *_PLACE)
    later = nw.col("answer").cum_count(reverse=True).over("known", *keys, order_by=order)
    older = nw.col("known") & (later > 1)
    reason = nw.when(older).then(nw.lit("ineligible")).otherwise(nw.col("left_out"))
    return rows.with_columns(left_out=reason).drop("known", "grade")
