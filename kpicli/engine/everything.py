"""What all definitions together ask of the columns of the sources."""

from kpicli.definitions.book import Book
from kpicli.engine.exclusions import excluded_tables
from kpicli.engine.wants import Wishes


def wish_everything(book: Book, wishes: Wishes, name: str) -> None:
    """Ask for all that KPIs and exclusions read of a source; what is wrong others tell."""
    for kpi in book.kpis.values():
        for need in kpi.needs.values():
            list(wishes.of_need(need))
            for split in kpi.by:
                for one in split:
                    list(wishes.of_split(need.source, one))
    list(wishes.of_exclusions(name, excluded_tables(book.exclude, wishes.routes)))
    list(wishes.of_source(name))
