"""From sums to a value, its interval, or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt

from kpicli.kinds.base import Estimate, Interval, Quantile, Ratio, Survival, Total
from kpicli.results import Reason

# Two-sided 95 %.
Z = 1.959963984540054


@dataclass(frozen=True)
class Known:
    """How many rows of a side have a value, and how many lack it."""

    told: int = 0
    untold: int = 0

    @property
    def nothing(self) -> bool:
        """Whether there are rows and none has a value: their sum is not 0, it is not known."""
        return self.told == 0 and self.untold > 0

    def with_rows(self, other: "Known") -> "Known":
        """Those of two tables together."""
        return Known(self.told + other.told, self.untold + other.untold)


NEVER_ASKED = Known()


@dataclass(frozen=True)
class Sums:
    """What a group of contributions adds up to; y None is "not a ratio".

    untold counts rows that are not excluded and whose value is not known. x_of and y_of tell of
    the values that each side adds up. low and high are the interval of the quantile.
    """

    n: int = 0
    x: float = 0.0
    y: float | None = None
    xx: float = 0.0
    quantile: float | None = None
    low: float | None = None
    high: float | None = None
    left_out: Mapping[str, int] | None = None
    untold: int = 0
    x_of: Known = NEVER_ASKED
    y_of: Known = NEVER_ASKED

    @property
    def only_excluded(self) -> bool:
        """Whether nothing stands here but rows that an exclusion takes out."""
        return self.n == 0 and self.x == 0 and set(self.left_out or ()) == {"excluded"}

    def with_table(self, other: "Sums") -> "Sums":
        """The sums of two tables of one KPI together."""
        ys = [y for y in (self.y, other.y) if y is not None]
        left_out = dict(self.left_out or {})
        for reason, rows in (other.left_out or {}).items():
            left_out[reason] = left_out.get(reason, 0) + rows
        return Sums(
            n=self.n + other.n,
            x=self.x + other.x,
            y=sum(ys) if ys else None,
            xx=self.xx + other.xx,
            quantile=_either(self.quantile, other.quantile),
            low=_either(self.low, other.low),
            high=_either(self.high, other.high),
            left_out=left_out,
            untold=self.untold + other.untold,
            x_of=self.x_of.with_rows(other.x_of),
            y_of=self.y_of.with_rows(other.y_of),
        )


def _either(mine: float | None, other: float | None) -> float | None:
    return mine if other is None else other


@dataclass(frozen=True)
class Estimated:
    """A value with its 95 % interval; reason says why value is None."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: Reason | None = None


def estimate(kind: Estimate, sums: Sums) -> Estimated:
    """The value of a group inside the source's span."""
    young = (sums.left_out or {}).get("immature", 0)
    if sums.n == 0 and young:
        return Estimated(None, reason="immature")
    match kind:
        case Total():
            nothing_known = kind.of_values and sums.n == 0 and sums.untold > 0
            return _nothing(sums) if nothing_known else Estimated(sums.x)
        case Quantile():
            return _nothing(sums) if sums.quantile is None else Estimated(sums.quantile)
        case Survival():
            return _survival(sums)
        case Ratio():
            told = _ratio(kind, sums)
            unripe = kind.ripens and told.value is not None and young > sums.n
            return replace(told, reason="immature") if unripe else told


def _nothing(sums: Sums) -> Estimated:
    """No value; the reason that a reader can do something about goes first."""
    left_out = sums.left_out or {}
    reasons: tuple[Reason, ...] = ("not_converted", "immature")
    return Estimated(None, reason=next((one for one in reasons if one in left_out), "no_rows"))


def _survival(sums: Sums) -> Estimated:
    if sums.n and sums.quantile is None:
        return Estimated(None, sums.low, reason="not_reached")
    if sums.quantile is None:
        return _nothing(sums)
    return Estimated(sums.quantile, sums.low, sums.high)


def _ratio(kind: Ratio, sums: Sums) -> Estimated:
    if sums.y is None or sums.x_of.nothing or sums.y_of.nothing:
        return _nothing(sums)
    if sums.y == 0:
        return Estimated(None, reason="zero_denominator")
    value = kind.scale * sums.x / sums.y
    low, high = _interval(kind.interval, sums)
    return Estimated(
        value,
        None if low is None else kind.scale * low,
        None if high is None else kind.scale * high,
    )


def _interval(kind: Interval | None, sums: Sums) -> tuple[float | None, float | None]:
    match kind:
        case "wilson":
            return wilson(sums.x, sums.n)
        case "mean":
            # Contributions of one denominator each: shares of it.
            each = (sums.y or 0) / sums.n
            return mean_interval(sums.n, sums.x / each, sums.xx / each**2)
        case None:
            return None, None


def wilson(x: float, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share x of n (Wilson 1927); it stays within 0 and 1."""
    share = x / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    # It holds the share itself; rounding must not push it out by the last digit.
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


def mean_interval(n: int, x: float, xx: float) -> tuple[float, float] | tuple[None, None]:
    """The normal 95 % interval of a mean of contributions from −1 to 1, by their variance.

    For promoters and detractors the variance is p + d − (p − d)², the usual one of NPS. None where
    all contributions are alike: nothing is known of how they vary.
    """
    mean = x / n
    variance = xx / n - mean * mean
    if variance <= 0:
        return None, None
    half = Z * sqrt(variance / n)
    return max(-1.0, mean - half), min(1.0, mean + half)
