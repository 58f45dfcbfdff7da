"""Questions at a terminal, and answers that the command line gives before they are asked."""

import sys
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from kpicli.cli.screen import is_terminal
from kpicli.discovery.answers import Answers, Question
from kpicli.discovery.settling import ORDERS
from kpicli.errors import RequestError, did_you_mean, nearest

# Whoever answers so often with a word that is not allowed gets the usual one.
_TRIES = 3


def check_answers(answers: Answers) -> None:
    """RequestError where an option says what cannot be."""
    if answers.timezone is not None and not _is_zone(answers.timezone):
        near = nearest(answers.timezone, available_timezones())
        hint = f"did you mean {near}?" if near else "write one such as Europe/Berlin"
        raise RequestError(f"--timezone {answers.timezone}: there is no such zone", hint)
    if answers.currency is not None and not _is_code(answers.currency):
        hint = "write three capitals, such as EUR"
        raise RequestError(f"--currency {answers.currency}: that is no currency", hint)
    if answers.dates is not None and answers.dates not in ORDERS:
        hint = did_you_mean(answers.dates, ORDERS)
        raise RequestError(f"--dates {answers.dates}: there is no such order", hint)


def somebody_there() -> bool:
    """Whether a question would be seen and answered."""
    return is_terminal() and sys.stdin is not None and sys.stdin.isatty()


def ask_terminal(question: Question) -> str | None:
    """What somebody types: one of the words or its number, or what the question is about.

    Nothing typed is the usual answer.
    """
    return ask(question, input)


def ask(question: Question, read: Callable[[str], str]) -> str | None:
    """The answer that read gives; the usual one where it gives none that is allowed."""
    choices = " / ".join(f"{number} {word}" for number, word in enumerate(question.words, 1))
    usual = f"[{question.usual}]" if question.usual else ""
    prompt = " ".join(filter(None, (question.text, choices, usual))) + " "
    for _ in range(_TRIES):
        try:
            said = read(prompt).strip()
        except EOFError:
            break
        if not said:
            break
        if (meant := _meant(question, said)) is not None:
            return meant
    return question.usual


def _meant(question: Question, said: str) -> str | None:
    """The answer in what was typed; None where it is none."""
    match question.kind:
        case "zone":
            return said if _is_zone(said) else None
        case "currency":
            return said.upper() if _is_code(said.upper()) else None
        case "word":
            numbered = {str(number): word for number, word in enumerate(question.words, 1)}
            return numbered.get(said, said if said in question.words else None)


def _is_code(said: str) -> bool:
    return len(said) == 3 and said.isalpha() and said.isascii() and said.isupper()


def _is_zone(said: str) -> bool:
    try:
        ZoneInfo(said)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
