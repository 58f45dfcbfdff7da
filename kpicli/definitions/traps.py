"""What the author meant where the YAML parser stops: each syntax error with the corrected line."""

from dataclasses import dataclass

import yaml

from kpicli.definitions.mending import LOADER
from kpicli.definitions.page import write_it
from kpicli.definitions.repairs import (
    ANOTHER,
    TOO_DEEP,
    Fault,
    Repair,
    repairs,
    sure_repairs,
    suspects,
)
from kpicli.errors import Place, Problem

# A file with more is not a definitions file; the rest follows once these are mended.
MOST_REPAIRS = 50
# Past this the parser, which calls itself for every level, would take the process down.
MOST_LEVELS = 100


@dataclass(frozen=True)
class Composed:
    """The nodes of a file, the problems on the way, and the lines as they were read.

    node is None for an empty file, and where the parser could not go on.
    """

    node: yaml.Node | None
    problems: tuple[Problem, ...]
    lines: tuple[str, ...]


def compose_lines(lines: tuple[str, ...], file: str) -> Composed:
    """The nodes of a file; after an error that can be mended it reads on for the next."""
    problems: list[Problem] = []
    mended: set[int] = set()
    for _ in range(MOST_REPAIRS):
        read = _compose(lines)
        if not isinstance(read, Fault):
            return Composed(read, tuple(problems), lines)
        unsure = not mended.isdisjoint(suspects(lines, read))
        candidates = sure_repairs(lines, read) if unsure else repairs(lines, read)
        repair = next((one for one in candidates if _helps(lines, one, read)), None)
        if repair is None:
            # Beside a mended line the next error is likely to come from the mending.
            problems += [] if unsure else [_explain(lines, read, file)]
            break
        problems += _problems(repair, file)
        mended.add(repair.row)
        lines = _replaced(lines, repair)
    return Composed(None, tuple(problems), lines)


def _compose(lines: tuple[str, ...]) -> yaml.Node | Fault | None:
    text = "\n".join(lines)
    try:
        if deep := _deepest(text):
            return Fault(*deep, TOO_DEEP, "", *deep)
        node: yaml.Node | None = yaml.compose(text, LOADER)
    except yaml.MarkedYAMLError as error:
        return _fault(error, len(lines) - 1)
    return node


def _deepest(text: str) -> tuple[int, int] | None:
    """Row and column where the nesting passes MOST_LEVELS, found without nesting calls."""
    depth = 0
    for event in yaml.parse(text, LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_LEVELS and (mark := event.start_mark):
            return mark.line, mark.column
    return None


def _fault(error: yaml.MarkedYAMLError, last_row: int) -> Fault:
    """The error with its marks as rows and columns; the end of the file is on its last row."""
    at = error.problem_mark or error.context_mark
    around = error.context_mark or at
    row, column = (at.line, at.column) if at else (0, 0)
    begun, begun_column = (around.line, around.column) if around else (0, 0)
    words = (error.problem or "", error.context or "")
    return Fault(min(row, last_row + 1), column, *words, min(begun, last_row), begun_column)


def _replaced(lines: tuple[str, ...], repair: Repair) -> tuple[str, ...]:
    return (*lines[: repair.row], repair.line, *lines[repair.row + 1 :])


def _helps(lines: tuple[str, ...], repair: Repair, fault: Fault) -> bool:
    """Whether the parser gets past the line, so that the repair was the right one."""
    after = _compose(_replaced(lines, repair))
    if not isinstance(after, Fault):
        return True
    if repair.row < fault.row:
        return after.row > repair.row and (after.row, after.column) != (fault.row, fault.column)
    return after.row > fault.row


def _problems(repair: Repair, file: str) -> list[Problem]:
    hint = write_it(repair.line)
    if repair.offences[0].code == "yaml_indent":
        spaces = len(repair.line) - len(repair.line.lstrip())
        hint = f"with {spaces or 'no'} spaces before it, {hint}"
    row = repair.row + 1
    return [
        Problem(offence.code, offence.message, hint, Place(file, row, offence.column + 1))
        for offence in repair.offences
    ]


def too_deep(place: Place) -> Problem:
    """More levels inside each other than anyone writes."""
    message = f"more than {MOST_LEVELS} levels inside each other"
    return Problem(TOO_DEEP, message, "definitions need six; is a bracket not closed?", place)


def _explain(lines: tuple[str, ...], fault: Fault, file: str) -> Problem:
    """The problem where no corrected line is sure."""
    if fault.problem == TOO_DEEP:
        return too_deep(Place(file, fault.row + 1, fault.column + 1))
    code, message, hint = _words(fault)
    row, column = fault.row, fault.column
    if code in {"yaml_unclosed", "yaml_flow"}:
        row, column = fault.context_row, fault.context_column
    row = min(row, len(lines) - 1)
    return Problem(code, message, hint, Place(file, row + 1, column + 1))


def _words(fault: Fault) -> tuple[str, str, str]:
    """Code, message and hint."""
    if ANOTHER in fault.problem:
        message = "a second document begins here; one file holds one"
        return "yaml_documents", message, "take out the ---; several files go under `include:`"
    if "unexpected end of stream" in fault.problem:
        return "yaml_unclosed", "a text in quotes begins here and never ends", "close the quote"
    if fault.in_flow:
        return "yaml_flow", f"something in this {fault.opener} cannot be read", _flow_hint(fault)
    if "cannot start any token" in fault.problem:
        return "yaml_quotes", "no name or value can begin with this sign", "put it in quotes"
    if "mapping values" in fault.problem or "expected" in fault.problem:
        hint = "entries that belong together begin in the same column, each as `name: value`"
        return "yaml_indent", "this line does not fit the lines above it", hint
    return "yaml_syntax", "this is not YAML", f"the parser says: {fault.problem}"


def _flow_hint(fault: Fault) -> str:
    return (
        f"the parser got as far as line {fault.row + 1}: is the {fault.opener} closed, does a "
        "comma stand between two entries, is a text with commas or quotes in it quoted as a whole?"
    )
