"""Where the points, lines and labels of a trend stand in a drawing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from kpicli.reports.blocks import Figure
from kpicli.results import Edge
from kpicli.words.units import format_value


@dataclass(frozen=True)
class Dot:
    """A value of the trend: its place, and what it says when pointed at."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Sketch:
    """A drawing of a trend; paths are in SVG's words.

    goals are the edges in force, one path each, two for a band; marks are the author's notes.
    top and bottom are what the upper and the lower end of the drawing stand for.
    summary says in words what the drawing shows.
    """

    width: int
    height: int
    line: str
    goals: tuple[str, ...]
    dots: tuple[Dot, ...]
    marks: tuple[Dot, ...]
    top: str
    bottom: str
    first: str
    last: str
    summary: str


def sketch_trend(figure: Figure, width: int, height: int, margin: int = 4) -> Sketch:
    """A trend in a box; the targets are inside it, so that the distance to them can be seen."""
    edges = [_edges(target) for target in figure.targets]
    known = [value for value in figure.values if value is not None]
    every = known + [edge for found in edges for edge in found]
    scale = _Scale(min(every), max(every), len(figure.values), width, height, margin)
    dots = [
        Dot(scale.x(position), scale.y(value), f"{label}: {text}")
        for position, (value, label, text) in enumerate(_points(figure))
        if value is not None
    ]
    low, high = (format_value(edge, figure.unit) for edge in (min(every), max(every)))
    return Sketch(
        width, height,
        line=_path((scale.x(position), None if value is None else scale.y(value))
                   for position, value in enumerate(figure.values)),
        goals=tuple(_goal(edges, side, scale) for side in range(max(map(len, edges), default=0))),
        dots=tuple(dots),
        marks=tuple(Dot(scale.x(mark.position), 0, mark.text) for mark in figure.marks),
        top=high, bottom=low,
        first=next(filter(None, figure.labels)), last=list(filter(None, figure.labels))[-1],
        summary=_summary(figure, dots),
    )  # fmt: skip


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    points: int
    width: int
    height: int
    margin: int

    def x(self, position: int) -> float:
        step = (self.width - 2 * self.margin) / max(self.points - 1, 1)
        return round(self.margin + position * step, 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return round(self.height - self.margin - share * (self.height - 2 * self.margin), 1)


def _points(figure: Figure) -> Iterable[tuple[float | None, str, str]]:
    return zip(figure.values, figure.labels, figure.texts, strict=True)


def _edges(target: Edge | None) -> tuple[float, ...]:
    if target is None:
        return ()
    return (target["from"], target["to"]) if isinstance(target, Mapping) else (target,)


def _goal(edges: Sequence[tuple[float, ...]], side: int, scale: _Scale) -> str:
    return _path(
        (scale.x(position), scale.y(found[side]) if len(found) > side else None)
        for position, found in enumerate(edges)
    )


def _path(points: Iterable[tuple[float, float | None]]) -> str:
    """Lines between neighbours; a gap ends one line, and a point alone is a dot of no length."""
    drawn = []
    for known, run in groupby(points, key=lambda point: point[1] is not None):
        if known:
            drawn.append("M" + "L".join(f"{x:g} {y:g}" for x, y in run) + "h0")
    return "".join(drawn)


def _summary(figure: Figure, dots: Sequence[Dot]) -> str:
    goal = f"; target {figure.goal}" if figure.goal else ""
    return f"{figure.title}, from {dots[0].text} to {dots[-1].text}{goal}"
