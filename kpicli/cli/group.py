"""Commands that are known by their files' first lines and imported when they are called."""

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import typer
from typer import Context
from typer.core import TyperCommand, TyperGroup

from kpicli.cli import options
from kpicli.cli.late import late
from kpicli.errors import RequestError, did_you_mean

# As --help lists them; each is a file beside this one.
COMMANDS = (
    "init", "report", "check", "list", "show", "explain", "rows", "validate", "schema",
)  # fmt: skip
ENTRY = "command"
_PREFIXES = ("-", "--")


class LateGroup(TyperGroup):
    """A group that knows its commands without importing them.

    A command's file begins with its help and has a function `command`, whose parameters are
    annotated with names from kpicli.cli.options and have literal defaults. So help, completion
    and wrong usage need none of what the command itself imports, which takes longer than they do.
    """

    def list_commands(self, ctx: Context) -> list[str]:  # type: ignore[override]
        """The commands in the order of the help."""
        return [name for name in COMMANDS if _file(name).is_file()]

    def get_command(self, ctx: Context, cmd_name: str) -> TyperCommand | None:  # type: ignore[override]
        """The command, ready to parse its options."""
        return outline(cmd_name) if cmd_name in self.list_commands(ctx) else None

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """The options before the command; typer takes pydantic to read even the absent ones."""
        if args[0].startswith("-") if args else not ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        ctx._opt_prefixes.update(_PREFIXES)
        ctx._protected_args, ctx.args = args[:1], args[1:]
        return ctx.args

    def resolve_command(  # type: ignore[override]
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, TyperCommand | None, list[str]]:
        """The command that the first argument names; RequestError with the nearest name."""
        name, *rest = args
        command = self.get_command(ctx, name)
        if command is None and not ctx.resilient_parsing:
            hint = did_you_mean(name, self.list_commands(ctx))
            raise RequestError(f"there is no command {name!r}", hint, "usage")
        return (name if command else None), command, rest


class LateCommand(TyperCommand):
    """A command whose completion looks at its options alone, not at what was given."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """The values, except where a shell only asks what could follow."""
        if not ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        ctx._opt_prefixes.update(_PREFIXES)
        ctx.args = args
        return args


@cache
def outline(name: str) -> TyperCommand:
    """A command read from its file: what it imports is imported when it is called."""
    tree = ast.parse(_file(name).read_text(encoding="utf-8"))
    entry = next(
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == ENTRY
    )
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, cls=LateCommand, help=ast.get_docstring(tree))(_late(name, entry))
    command = typer.main.get_command(app)
    assert isinstance(command, TyperCommand)  # noqa: S101
    return command


def _file(name: str) -> Path:
    return Path(__file__).with_name(f"{name}.py")


def _late(name: str, entry: ast.FunctionDef) -> Callable[..., int | None]:
    def call(**written: Any) -> int | None:
        code: int | None = getattr(late(name), ENTRY)(**written)
        return code

    parameters = list(_parameters(entry.args))
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {one.name: one.annotation for one in parameters}
    return call


def _parameters(args: ast.arguments) -> Iterator[inspect.Parameter]:
    defaults = [None] * (len(args.args) - len(args.defaults)) + [*args.defaults]
    for arg, default in zip(args.args, defaults, strict=True):
        assert isinstance(arg.annotation, ast.Name)  # noqa: S101
        yield inspect.Parameter(
            arg.arg,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=inspect.Parameter.empty if default is None else ast.literal_eval(default),
            annotation=getattr(options, arg.annotation.id),
        )
