"""The types a column can have."""

from typing import Literal, get_args

ColumnType = Literal["text", "number", "money", "percent", "date", "time", "yes_no"]

# What may stand under types: beside them: how amounts and ids are written.
WrittenAs = Literal["cents", "micros", "hundredths", "salesforce_id"]
TypeWord = Literal[ColumnType, WrittenAs]
_KINDS: dict[WrittenAs, ColumnType] = {
    "cents": "money", "micros": "money", "hundredths": "number", "salesforce_id": "text",
}  # fmt: skip

COLUMN_TYPES: tuple[ColumnType, ...] = get_args(ColumnType)

# Money is held as whole ten-thousandths of the currency: cents, and the four decimals that
# unit prices have, stay exact; one division at the end.
MONEY_SCALE = 10_000


def type_of_word(word: TypeWord) -> ColumnType:
    """The type of a column that is declared by such a word."""
    match word:
        case "cents" | "micros" | "hundredths" | "salesforce_id":
            return _KINDS[word]
        case _:
            return word


def written_as(word: TypeWord | None) -> WrittenAs | None:
    """The word, where it says how something is written; None for a plain type."""
    return word if word in _KINDS else None
