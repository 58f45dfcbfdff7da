"""The unit of a KPI, as far as it is known before any data."""

from collections.abc import Mapping

from kpicli.definitions.shape import Shape
from kpicli.kinds.base import Kind
from kpicli.kinds.written import WrittenKpi
from kpicli.needs import Need, Population
from kpicli.sources.declaration import Source
from kpicli.words.types import ColumnType
from kpicli.words.vocabulary import word_type


def unit_of(kind: Kind, written: WrittenKpi, needs: Mapping[str, Need], shape: Shape) -> str:
    """The unit as results name it; money carries its currency."""
    word = written.unit or kind.unit(written, _asked_types(needs, shape))
    if not word.startswith("money"):
        return word
    paid = [need.source for need in needs.values() if not isinstance(need, Population)]
    currencies = {_currency(shape.sources.get(source), shape) for source in paid}
    currency = currencies.pop() if len(currencies) == 1 else shape.currency
    return word.replace("money", f"money:{currency}", 1)


def _currency(source: Source | None, shape: Shape) -> str:
    return source.currency if source and source.currency else shape.currency


def _asked_types(needs: Mapping[str, Need], shape: Shape) -> dict[str, ColumnType]:
    """What is known of the asked columns before any file is opened."""
    known: dict[str, ColumnType] = {}
    for need in needs.values():
        declared = shape.sources[need.source].kinds if need.source in shape.sources else {}
        for asked in need.asked:
            types = [declared.get(name) or word_type(name) for name in asked.expression.names]
            if "money" in types:
                known[asked.name] = "money"
    return known
