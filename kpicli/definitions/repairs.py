"""What the author may have meant where the YAML parser stopped: one changed line at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kpicli.definitions.mending import ENTRY, Offence, mend_line
from kpicli.definitions.quoting import closing_quote, comment_start, outside

ANOTHER = "another document"
TOO_DEEP = "yaml_nesting"


@dataclass(frozen=True)
class Fault:
    """Where the parser stopped and what it was in; rows and columns count from 0."""

    row: int
    column: int
    problem: str
    context: str
    context_row: int
    context_column: int

    @property
    def in_flow(self) -> bool:
        """Whether it was inside { } or [ ]."""
        return "flow" in self.context

    @property
    def opener(self) -> str:
        """The bracket that it was inside of."""
        return "{" if "mapping" in self.context else "["


@dataclass(frozen=True)
class Repair:
    """One line as it was meant."""

    row: int
    line: str
    offences: tuple[Offence, ...]


def repairs(lines: tuple[str, ...], fault: Fault) -> Iterator[Repair]:
    """The repairs worth trying, the surest first."""
    if ANOTHER in fault.problem or fault.problem == TOO_DEEP:
        return
    yield from sure_repairs(lines, fault)
    yield from _open_bracket(lines, fault)
    for row in suspects(lines, fault):
        yield from _colon(lines, row)
    yield from _missing_comma(lines, fault)
    yield from _shifted(lines, fault)


def sure_repairs(lines: tuple[str, ...], fault: Fault) -> Iterator[Repair]:
    """The repairs of what can only have been meant in one way."""
    for row in suspects(lines, fault):
        yield from _mended(lines, row, fault)
    yield from _open_quotes(lines, fault)


def suspects(lines: tuple[str, ...], fault: Fault) -> list[int]:
    """The rows that can hold the cause: where it stopped, where that began, the row before."""
    row = min(fault.row, len(lines) - 1)
    before = [at for at in range(row) if lines[at].strip()][-1:]
    return list(dict.fromkeys([row, fault.context_row, *before]))


def _mended(lines: tuple[str, ...], row: int, fault: Fault) -> Iterator[Repair]:
    inside = fault.opener if fault.in_flow and row > fault.context_row else ""
    aliases = "undefined alias" not in fault.problem
    mended = mend_line(lines[row], inside, aliases)
    if mended:
        yield Repair(row, mended.line, mended.offences)


def _open_quotes(lines: tuple[str, ...], fault: Fault) -> Iterator[Repair]:
    """A value whose quote is not closed although the next line begins a new entry."""
    for row in range(min(fault.row + 1, len(lines))):
        start = _value_start(lines[row])
        value = lines[row][start:]
        if value[:1] in {"'", '"'} and closing_quote(value, 0) is None and _ends_here(lines, row):
            offence = Offence("yaml_unclosed", f"the {value[0]} is not closed", start)
            yield Repair(row, lines[row].rstrip() + value[0], (offence,))


def _open_bracket(lines: tuple[str, ...], fault: Fault) -> Iterator[Repair]:
    """A { or [ that is not closed although the next line begins a new entry."""
    row, column = fault.context_row, fault.context_column
    if not fault.in_flow or not _ends_here(lines, row):
        return
    start, end = min(column, _value_start(lines[row])), comment_start(lines[row])
    missing = _missing_brackets(lines[row][start:end])
    if missing:
        offence = Offence("yaml_unclosed", f"the {fault.opener} is not closed", column)
        closed = lines[row][:end].rstrip(", ") + missing
        yield Repair(row, closed + lines[row][end:], (offence,))


def _missing_brackets(text: str) -> str:
    """The closing brackets that the text lacks, in their order."""
    missing: list[str] = []
    for sign in (text[at] for at in outside(text)):
        if sign in "{[":
            missing.append("}" if sign == "{" else "]")
        elif missing and sign == missing[-1]:
            missing.pop()
    return "".join(reversed(missing))


def _colon(lines: tuple[str, ...], row: int) -> Iterator[Repair]:
    """`name:value` without the space, `name value` without the colon."""
    line = lines[row]
    end = comment_start(line)
    tight = re.match(r"(\s*(?:- +)*[A-Za-z_][\w.-]*:)(?=[^\s:/\\])", line)
    if tight:
        offence = Offence("yaml_colon", "the `:` needs a space after it", tight.end() - 1)
        yield Repair(row, f"{tight[1]} {line[tight.end() :]}", (offence,))
    name = re.match(r"(\s*(?:- +)*[A-Za-z_][\w.-]*)(\s+\S.*)?$", line[:end])
    if name:
        offence = Offence("yaml_colon", "a `:` is missing after the name", name.end(1))
        yield Repair(row, f"{name[1]}:{line[name.end(1) :]}", (offence,))


def _missing_comma(lines: tuple[str, ...], fault: Fault) -> Iterator[Repair]:
    """An entry on a new line inside { }, with no comma before it."""
    row = next((at for at in range(fault.row - 1, -1, -1) if lines[at].strip()), 0)
    inside = fault.row < len(lines) and _indent(lines[fault.row]) > _indent(
        lines[fault.context_row]
    )
    if fault.in_flow and inside and fault.context_row <= row < fault.row:
        end = comment_start(lines[row])
        if lines[row][:end].endswith(","):
            return
        offence = Offence("yaml_comma", "a comma is missing between two entries", end)
        yield Repair(row, f"{lines[row][:end]},{lines[row][end:]}", (offence,))


def _shifted(lines: tuple[str, ...], fault: Fault) -> Iterator[Repair]:
    """A line that stands a little beside the lines it belongs to."""
    if fault.row >= len(lines) or fault.in_flow:
        return
    line = lines[fault.row]
    indent = _indent(line)
    for other in sorted(_indents_above(lines, fault.row), key=lambda one: abs(one - indent)):
        offence = Offence("yaml_indent", "the line does not line up with the lines above", indent)
        yield Repair(fault.row, " " * other + line.strip(), (offence,))


def _indents_above(lines: tuple[str, ...], row: int) -> list[int]:
    """The indentations that are open at this row, the innermost first."""
    found: list[int] = []
    for line in reversed(lines[:row]):
        is_entry = bool(line.strip()) and not line.lstrip().startswith("#")
        if is_entry and (not found or _indent(line) < found[-1]):
            found.append(_indent(line))
    return [indent for indent in found if indent != _indent(lines[row])]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _value_start(line: str) -> int:
    entry = ENTRY.match(line)
    return entry.end() if entry else 0


def _ends_here(lines: tuple[str, ...], row: int) -> bool:
    """Whether the next line, as far indented at most, begins something new."""
    following = next((line for line in lines[row + 1 :] if line.strip()), "")
    return _indent(following) <= _indent(lines[row])
