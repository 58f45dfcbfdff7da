"""Billing intervals as exports write them."""

# How many there are in a year: a week is a 52nd of it, a month a twelfth.
PER_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}
_OTHER = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "annual": "year",
    "annually": "year",
}
_MANY = {f"{name}s": name for name in PER_YEAR}

# What a cell may say for each, in small letters.
INTERVAL_WORDS = {name: name for name in PER_YEAR} | _MANY | _OTHER

# How long each is: months of the calendar, and days.
LENGTHS = {"day": (0, 1), "week": (0, 7), "month": (1, 0), "quarter": (3, 0), "year": (12, 0)}
