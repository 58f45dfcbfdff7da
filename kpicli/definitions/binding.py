"""A book put together from its parts."""

from collections.abc import Mapping
from pathlib import Path

from kpicli.definitions.book import Book, Kpi
from kpicli.definitions.fingerprints import fingerprint
from kpicli.definitions.inclusion import Pages
from kpicli.definitions.shape import Shape
from kpicli.words.calendar import WEEKDAYS, Calendar


def put_together(pages: Pages, shape: Shape, kpis: Mapping[str, Kpi], folder: Path) -> Book:
    """The book of a file whose parts have been read."""
    places = {
        (section, name): pages.place((section, name))
        for section in ("sources", "segments", "reports")
        for name in getattr(shape, section)
    }
    return Book(
        file=pages.main.file,
        folder=folder,
        title=shape.title,
        calendar=Calendar(shape.timezone, WEEKDAYS.index(shape.week_starts)),
        currency=shape.currency,
        grain=shape.grain,
        sources=shape.sources,
        exclude=shape.exclude,
        segments=shape.segments,
        kpis=kpis,
        reports=shape.reports,
        fingerprint=_print_of(shape, kpis),
        places=places,
        pages=pages,
    )


def _print_of(shape: Shape, kpis: Mapping[str, Kpi]) -> str:
    prints = {name: kpi.fingerprint for name, kpi in kpis.items()}
    return fingerprint({"file": shape.model_copy(update={"kpis": {}}), "kpis": prints})
