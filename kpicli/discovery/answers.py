"""What somebody says beside the files: on the command line, or when asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Question:
    """What only a person can say; usual is taken where nobody says anything.

    words are the answers to choose from; without them it is a zone or a currency, as kind says.
    """

    text: str
    words: tuple[str, ...] = ()
    usual: str | None = None
    kind: Literal["word", "zone", "currency"] = "word"


Ask = Callable[[Question], str | None]


def ask_nobody(question: Question) -> str | None:
    """The usual answer: nobody is there."""
    return question.usual


@dataclass(frozen=True)
class Answers:
    """What stands on the command line; None where nothing does. dates: day-first or month-first."""

    timezone: str | None = None
    currency: str | None = None
    dates: str | None = None
