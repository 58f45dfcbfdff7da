"""Aliases that repeat more than anyone writes, or themselves."""

from collections.abc import Iterator

import yaml

from kpicli.errors import Place, Problem

# What aliases may repeat; a file of a thousand KPIs has some thirty thousand values.
MOST_REPEATED = 50_000


def repetition(node: yaml.Node, file: str) -> Problem | None:
    """The problem of a file whose aliases repeat too much, or themselves."""
    sizes: dict[int, int | None] = {}
    total = _expanded(node, sizes)
    if total is None:
        return _problem("an alias (*name) stands inside what it repeats", file)
    if total - len(sizes) > MOST_REPEATED:
        return _problem(f"aliases (*name) repeat more than {MOST_REPEATED:,} values", file)
    return None


def _expanded(node: yaml.Node, sizes: dict[int, int | None]) -> int | None:
    """How many values a node stands for, its repetitions counted; None for one inside itself."""
    if id(node) in sizes:
        return sizes[id(node)]
    sizes[id(node)] = None
    total = 1
    for child in _children(node):
        below = _expanded(child, sizes)
        if below is None:
            return None
        total += below
    sizes[id(node)] = total
    return total


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from pair
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value


def _problem(message: str, file: str) -> Problem:
    hint = "write the values out, or repeat KPIs with `each:`"
    return Problem("yaml_alias", message, hint, Place(file, 1, 1))
