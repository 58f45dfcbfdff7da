"""Why rows of a need do not count."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import narwhals as nw

from kpicli.engine.dating import unmet_end, unread_end
from kpicli.engine.opened import EXCLUDED, Opened, bad, unconverted
from kpicli.frames.logic import any_of, both_of
from kpicli.needs import Asked, Need
from kpicli.words.expressions import Expression
from kpicli.words.types import ColumnType
from kpicli.words.untold import untold


@dataclass(frozen=True)
class Reasons:
    """What keeps the rows of a need from counting, as expressions over them.

    opened: all sources, of which the need's is one; types: those of the rows' columns; also: one
    more condition.
    """

    need: Need
    opened: Mapping[str, Opened]
    types: Mapping[str, ColumnType]
    zone: ZoneInfo
    also: Expression | None = None

    @property
    def source(self) -> Opened:
        """The source of the rows."""
        return self.opened[self.need.source]

    def left_out(self) -> nw.Expr:
        """Why a row does not count, the first reason that holds; null where it counts."""
        told = [*self.need.expressions(), *([self.also] if self.also else [])]
        named = {name for one in told for name in one.names}
        reason = self._reason(any_of(self._nulls()), named)
        for name, holds in (
            ("unknown", unmet_end(self.need, self.opened)),
            ("unparsable", unread_end(self.need, self.opened)),
        ):
            if holds is not None:
                reason = nw.when(holds).then(nw.lit(name)).otherwise(reason)
        return nw.when(~nw.col(EXCLUDED).is_null()).then(nw.lit("excluded")).otherwise(reason)

    def lack(self, asked: Asked) -> nw.Expr:
        """Why a value that a row may lack is not known; null where it is."""
        strict = replace(asked, may_lack=False)
        return self._reason(self._missing(strict), set(asked.expression.names))

    def counts(self) -> nw.Expr:
        """Whether there is no reason for which a row would not count."""
        ends = (unmet_end(self.need, self.opened), unread_end(self.need, self.opened))
        against = [*self._nulls(), *(one for one in ends if one is not None)]
        # What a file's own statistics can answer is not read for.
        excluded = [~nw.col(EXCLUDED).is_null()] if self.source.marked else []
        return nw.all_horizontal(*(~one for one in (*excluded, *against)), ignore_nulls=False)

    def _reason(self, unknown: nw.Expr | None, named: set[str]) -> nw.Expr:
        """Innermost last: a row that is both excluded and unknown is excluded.

        Only where a value is missing does it matter whether its text was unreadable.
        """
        source, reason = self.source, nw.lit(None, dtype=nw.String)
        unreadable = [nw.col(bad(name)) for name in source.unreadable if name in named]
        missing_rate = [nw.col(unconverted(name)) for name in source.converted if name in named]
        for name, holds in (
            ("unknown", unknown),
            ("not_converted", both_of(unknown, any_of(missing_rate))),
            ("unparsable", both_of(unknown, any_of(unreadable))),
        ):
            if holds is not None:
                reason = nw.when(holds).then(nw.lit(name)).otherwise(reason)
        return reason

    def _nulls(self) -> list[nw.Expr]:
        """Where a condition cannot be told, or an asked value is not known."""
        conditions = [one for one in (self.need.where, self.also) if one]
        null = [untold(one, self.types, self.zone) for one in conditions]
        return null + [self._missing(one) for one in self.need.asked if not one.may_lack]

    def _missing(self, asked: Asked) -> nw.Expr:
        """Where an asked value is not known; an empty cell that means something is."""
        if asked.empty is None:
            if is_absent(asked, self.types):
                return nw.lit(value=True)
            return untold(asked.expression, self.types, self.zone)
        named = asked.expression.names
        lost = [nw.col(bad(name)) for name in self.source.unreadable if name in named]
        lost += [nw.col(unconverted(name)) for name in self.source.converted if name in named]
        told = any_of(lost)
        return nw.lit(value=False) if told is None else told


def is_absent(asked: Asked, types: Mapping[str, ColumnType]) -> bool:
    """Whether no file has the column of an asked value that may be absent."""
    return asked.optional and not set(asked.expression.names) <= types.keys()
