"""The names that library definitions and exports meet in."""

from kpicli.words.types import ColumnType

# Types of the vocabulary's columns; a column that is not here is typed by its file or its use.
_TIMES = (
    "timestamp received_at created_at deleted_at signed_up closed_at mql_at sql_at"
    " first_contact_at entered_at start end trial_start trial_end canceled_at issued_at"
    " answered_at sent_at opened_at solved_at first_reply_at invited_at converted_at done_at"
    " exposed_at renewal_date service_start service_end"
)
_NUMBERS = (
    "employees score probability quantity interval_count position delivered opens clicks bounces"
    " page_views rate"
)
_MONEY = "arr amount tax discount"
_YES_NO = "is_test is_won is_closed accepted submitted"

COLUMN_WORDS: dict[str, ColumnType] = {
    **dict.fromkeys(_TIMES.split(), "time"),
    **dict.fromkeys(_NUMBERS.split(), "number"),
    **dict.fromkeys(_MONEY.split(), "money"),
    **dict.fromkeys(_YES_NO.split(), "yes_no"),
}

# Columns that change over a row's life: what a file says of them is true of today only.
CHANGING_WORDS = (
    "stage", "status", "probability", "state", "is_open", "is_won", "is_closed", "renewal_date",
)  # fmt: skip


def word_type(column: str) -> ColumnType | None:
    """The type of a vocabulary column, or None for any other name."""
    return COLUMN_WORDS.get(column)


def is_changing(column: str) -> bool:
    """Whether a column's name says that it changes over a row's life."""
    name = column.rsplit(".", 1)[-1].casefold().replace(" ", "_")
    return name in CHANGING_WORDS or name.endswith(tuple(f"_{word}" for word in CHANGING_WORDS))
