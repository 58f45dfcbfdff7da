"""How one number came about: the rules in force, what each took away, the value, the plan."""

from dataclasses import dataclass

from kpicli.definitions.book import Book
from kpicli.engine.focus import Focus
from kpicli.engine.funnel import Funnel
from kpicli.results import Outcome


@dataclass(frozen=True)
class Explained:
    """One number with what it was computed from; no funnels for kinds that count no rows."""

    book: Book
    outcome: Outcome
    focus: Focus
    funnels: tuple[Funnel, ...]
