"""Where a problem stands, what is wrong and what helps."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Place:
    """A point in a text file; line and column count from 1, None where unknown."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True)
class Problem:
    """One thing wrong: a stable code, a sentence, and a hint that says what to do.

    kpi and source name what is touched; both None means the whole run.
    """

    code: str
    message: str
    hint: str | None = None
    place: Place | None = None
    level: Level = "error"
    kpi: str | None = None
    source: str | None = None

    def at(self, place: Place | None) -> "Problem":
        """The same problem with a place, unless it already has one."""
        return self if self.place else replace(self, place=place)


class KpiError(Exception):
    """Everything that a user can mend.

    KpiError
    ├── DefinitionError   exit 2: the definitions are wrong
    ├── RequestError      exit 2: the command line is wrong
    └── SourceError       exit 3: found by opening the data
    """

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.message for problem in self.problems))


class DefinitionError(KpiError):
    """The definitions cannot be used."""


class RequestError(KpiError):
    """The command line asks for something that is not there."""

    def __init__(self, message: str, hint: str | None = None, code: str = "request") -> None:
        super().__init__([Problem(code, message, hint)])


class SourceError(KpiError):
    """A file is missing, unreadable or not what the definitions say."""

    exit_code = 3


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word most like this one, or None where none is close."""
    by_fold = {candidate.casefold(): candidate for candidate in allowed}
    # Of a short word one letter is much.
    cutoff = 0.6 if len(word) <= 4 else 0.7
    found = get_close_matches(word.casefold(), by_fold, n=1, cutoff=cutoff)
    return by_fold[found[0]] if found else None


def did_you_mean(word: str, allowed: Iterable[str], ordered: bool = False) -> str:
    """A hint: the nearest word if one is close, and what is allowed.

    ordered: the words come in the order in which they help, else they are listed by letter.
    """
    choices = list(dict.fromkeys(allowed)) if ordered else sorted(allowed)
    near = nearest(word, choices)
    listed = ", ".join(choices[:12]) + (", …" if len(choices) > 12 else "")
    return (f"did you mean {near}? " if near else "") + f"allowed: {listed or 'nothing'}"
