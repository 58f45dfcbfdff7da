"""The command `kpi`: every run begins and ends here."""

import gc
import sys
from typing import Annotated

import typer

from kpicli import __version__
from kpicli.cli.group import LateGroup
from kpicli.cli.late import late

# How many objects are made before those that hold each other are looked for: what a run makes lasts
# as long as the run, and with Python's 700 a tenth of the time of a report went into looking.
_OBJECTS_BETWEEN = 100_000

app = typer.Typer(
    cls=LateGroup,
    name="kpi",
    help="KPI reports and gates over CSV and Parquet exports, from one YAML file.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def run() -> None:
    """Start the program, and end the process with its exit code."""
    gc.set_threshold(_OBJECTS_BETWEEN)
    code = answer(sys.argv[1:])
    # What there still is ends with the process: Python would look through all of it once more.
    gc.freeze()
    sys.exit(code)


def answer(arguments: list[str]) -> int:
    """The exit code of a command line; whatever went wrong has been said."""
    try:
        return app(args=arguments, prog_name="kpi", standalone_mode=False) or 0
    except SystemExit as ended:
        # A reader of the help who has left is no error, though typer says 1.
        if isinstance(ended.__context__, BrokenPipeError):
            return 0
        raise
    # No traceback reaches a user, whatever it is; a panic of polars is no Exception.
    except BaseException as wrong:
        code: int = late("faults").tell(wrong, arguments)
        return code


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kpi {__version__}")
        raise typer.Exit


@app.callback()
def _start(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version,
                           is_eager=True)
    ] = False,
) -> None:  # fmt: skip
    """Whatever stands before a command."""
