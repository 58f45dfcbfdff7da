"""The names of columns whose header stands in several rows.

Surveys write questions in one row, their parts in the next (SurveyMonkey), or ids, labels and
import ids in three (Qualtrics).
"""

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest


def head_names(rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The first row; a blank one is filled from the rows below, told apart by what stands left.

    A name filled in that another column has, too, gets the last name to its left in the first
    row before it, and a number if it is still not alone: `Which tools? Other`, `Other 2`. Where no
    row has a name it stays blank. Names of the first row stay as they are.
    """
    if len(rows) == 1:
        return rows[0]
    columns = list(zip_longest(*rows, fillvalue=""))
    filled = [next(filter(None, column), "") for column in columns]
    shared = Counter(filled)
    taken = {column[0] for column in columns}
    names: list[str] = []
    above = ""
    for (first, *_), name in zip(columns, filled, strict=True):
        above = first or above
        told = name if first or not name or shared[name] == 1 else f"{above} {name}".strip()
        names.append(told if first or not told else _alone(told, taken))
        taken.add(names[-1])
    return tuple(names)


def _alone(name: str, taken: set[str]) -> str:
    number, told = 1, name
    while told in taken:
        number += 1
        told = f"{name} {number}"
    return told
