"""The types a column can have."""

from typing import Literal, get_args

ColumnType = Literal["text", "number", "money", "percent", "date", "time", "yes_no"]

COLUMN_TYPES: tuple[ColumnType, ...] = get_args(ColumnType)

# Money is held as whole ten-thousandths of the currency: cents, and the four decimals that
# unit prices have, stay exact; one division at the end.
MONEY_SCALE = 10_000
