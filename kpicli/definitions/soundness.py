"""What is right of a book, where some of its KPIs are wrong."""

from collections.abc import Iterable
from dataclasses import replace

from kpicli.definitions.book import Book
from kpicli.errors import Problem


def sound_part(book: Book, problems: Iterable[Problem]) -> Book | None:
    """The book without its wrong KPIs, what is told from them, and reports that show them.

    None where something else is wrong, too.
    """
    errors = [one for one in problems if one.level == "error"]
    if any(one.kpi is None for one in errors):
        return None
    wrong = {one.kpi for one in errors}
    left = {
        name: kpi
        for name, kpi in book.kpis.items()
        if name not in wrong and kpi.origin not in wrong
    }
    while lost := {
        name for name, kpi in left.items() if any(one not in left for one in kpi.inputs)
    }:
        left = {name: kpi for name, kpi in left.items() if name not in lost}
    known = {*left, *(kpi.origin for kpi in left.values())}
    reports = {
        name: report for name, report in book.reports.items() if known.issuperset(report.kpis)
    }
    return replace(book, kpis=left, reports=reports)
