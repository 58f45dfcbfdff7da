"""What the KPIs of a book ask of columns, whichever of them a run computes."""

from kpicli.definitions.book import Book
from kpicli.engine.catalogue import Catalogue
from kpicli.engine.routes import Routes
from kpicli.engine.wanted import Wants
from kpicli.engine.wants import Wishes
from kpicli.planning.plan import Step


def add_uses(wants: Wants, book: Book, catalogue: Catalogue, routes: Routes) -> None:
    """The types that any KPI asks the wanted columns for, added to those of the run.

    So a column is read alike whatever else is asked: no value depends on the other KPIs of a run.
    """
    for kpi in book.kpis.values():
        wishes = Wishes(book, catalogue, routes, kpi=kpi.name)
        if not list(wishes.of_step(Step(kpi, kpi.grain or "week", 1, kpi.by))):
            _take_known(wants, wishes.wants)


def _take_known(wants: Wants, others: Wants) -> None:
    for source, columns in others.columns.items():
        mine = wants.columns.get(source, {})
        for column in mine.keys() & columns.keys():
            mine[column].update(columns[column])
