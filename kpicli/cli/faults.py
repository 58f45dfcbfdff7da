"""Exceptions told in words: the only place where an error becomes text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

from typer.exceptions import Abort, TyperException

from kpicli.cli.faultfile import write_fault
from kpicli.cli.screen import print_document, warn
from kpicli.definitions.snippet import clean_line, snippet
from kpicli.errors import DefinitionError, KpiError, Place, Problem, SourceError
from kpicli.render.json import render_problems

_NO_NUMBER = "Input should be a valid integer, unable to parse string as an integer"
# The same problem of so many KPIs is said once.
_MANY = 3
# What other commands take.
_ELSEWHERE = {
    "--period": "an earlier period is the newest one of an earlier day: --as-of 2026-01-31",
}
INTERRUPTED = 130
FAULT = 70
# As in kpicli.definitions.document: the line breaks that YAML knows.
_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


def tell(wrong: BaseException, arguments: Sequence[str]) -> int:
    """Say what went wrong on stderr, for --format json on stdout too; give the exit code."""
    match wrong:
        case KpiError():
            return tell_problems(wrong, arguments)
        case TyperException():
            return tell_usage(wrong, arguments)
        case KeyboardInterrupt() | Abort():
            return INTERRUPTED
        case BrokenPipeError():
            return 0
        case OSError():
            return tell_system(wrong, arguments)
        case _:
            return tell_fault(wrong, arguments)


def tell_problems(wrong: KpiError, arguments: Sequence[str]) -> int:
    """Say every problem, of definitions with the line that is meant; give the exit code."""
    warn_of(wrong.problems, shown=isinstance(wrong, DefinitionError))
    if asks_for_json(arguments):
        print_document(render_problems(wrong.problems))
    return wrong.exit_code


def warn_of(problems: Iterable[Problem], shown: bool = False) -> None:
    """Each problem on stderr: place, sentence, the line itself where shown, hint."""
    alike: dict[tuple[str, str, str | None], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.level, problem.message, problem.hint), []).append(problem)
    for group in alike.values():
        kpis = dict.fromkeys(one.kpi for one in group if one.kpi)
        for problem in group if len(kpis) < _MANY else group[:1]:
            warn("\n".join(_lines(problem, shown)))
        if len(kpis) >= _MANY:
            warn(clean_line(f"  in {len(kpis)} KPIs: {', '.join(kpis)}"))


def tell_usage(wrong: TyperException, arguments: Sequence[str]) -> int:
    """Say what is wrong with the command line, and what is near."""
    problem = Problem("usage", _sentence(wrong), _usage_hint(wrong))
    return tell_problems(_UsageError([problem]), arguments)


def tell_system(wrong: OSError, arguments: Sequence[str]) -> int:
    """Say what the system refused: a full disk, too many open files."""
    where = f"{wrong.filename}: " if wrong.filename else ""
    message = f"{where}{(wrong.strerror or 'the system refused').lower()}"
    return tell_problems(SourceError([Problem("system", message)]), arguments)


def tell_fault(wrong: BaseException, arguments: Sequence[str]) -> int:
    """Say that the fault is ours, and which file to send in."""
    path = write_fault(wrong, arguments)
    kind = type(wrong).__name__
    sent = f"please send in {path} (no rows of your data in it)" if path else None
    problem = Problem("fault", f"a fault of kpi itself, not of your files ({kind})", sent)
    warn_of([problem])
    if asks_for_json(arguments):
        print_document(render_problems([problem]))
    return FAULT


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether stdout is to be JSON; with -o it stays empty."""
    if any(one.startswith(("-o", "--output")) for one in arguments):
        return False
    return "--format=json" in arguments or ("--format", "json") in pairwise(arguments)


class _UsageError(KpiError):
    """The command line cannot be read."""


def _lines(problem: Problem, shown: bool) -> Iterator[str]:
    level = "warning: " if problem.level == "warning" else ""
    yield clean_line(f"{problem.place or 'kpi'}: {level}{problem.message}")
    if shown and problem.place:
        for line in snippet(_file_lines(problem.place), problem.place).splitlines():
            yield f"    {line}"
    if problem.hint:
        yield clean_line(f"  {problem.hint}")


def _file_lines(place: Place) -> tuple[str, ...]:
    """The lines of a definitions file; none where it cannot be read as text."""
    try:
        text = Path(place.file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ()
    return tuple(_LINE_BREAK.split(text))


def _sentence(wrong: TyperException) -> str:
    # The options that are near stand in the hint.
    sentence = wrong.format_message().partition(" (Possible")[0].rstrip(".")
    sentence = sentence.replace(_NO_NUMBER, "a whole number is needed")
    return sentence[:1].lower() + sentence[1:]


def _usage_hint(wrong: TyperException) -> str | None:
    context = getattr(wrong, "ctx", None)
    if context is None:
        return None
    near: list[str] = []
    option = getattr(wrong, "option_name", None)
    if option in _ELSEWHERE:
        return _ELSEWHERE[option]
    if option:
        known = [name for one in context.command.params for name in one.opts]
        near = get_close_matches(option, known, n=1, cutoff=0.5)
    asked = f"did you mean {near[0]}? " if near else ""
    return f"{asked}`{context.command_path} --help` lists what is allowed"
