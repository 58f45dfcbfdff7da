"""A table on a terminal, the format that a run without --format takes."""

from kpicli.render.options import Format
from kpicli.render.terminal import render

FORMAT = Format("table", (".txt",), render)
