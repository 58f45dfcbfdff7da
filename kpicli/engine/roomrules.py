"""The rules of good data that reports run, of the sources behind their numbers."""

from collections.abc import Iterator

from kpicli.definitions.book import Book
from kpicli.engine.cache import Cache
from kpicli.engine.damage import UNREADABLE, unreadable_source
from kpicli.engine.quality import Held, judge
from kpicli.engine.room import Room
from kpicli.errors import Problem


def rule_problems(book: Book, room: Room, cache: Cache) -> tuple[Problem, ...]:
    """What breaks the rules; a source that turns out to be damaged the KPIs tell of, too."""
    return tuple(
        problem
        for name in book.rules
        if name in room.used
        for problem in _of_source(book, room, name, cache)
    )


def _of_source(book: Book, room: Room, name: str, cache: Cache) -> Iterator[Problem]:
    rules = tuple(one for one in book.rules[name] if one.in_reports)
    try:
        held = Held(room.desk.opened[name], rules, room.desk.opened)
        yield from judge(book, held, room.today, cache).problems
    except UNREADABLE as wrong:
        yield unreadable_source(name, wrong).at(book.place("sources", name))
