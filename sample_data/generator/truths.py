"""What is planted in the sample; TRUTHS.md says it in words."""

from math import exp

from generator.days import number

HAZARD = {"starter": 0.036, "pro": 0.018, "enterprise": 0.009}
USAGE_SLOPE = 2.5
USAGE_MIDDLE = 0.5
TRIAL_CONVERSION = 0.42
WIN_BACK = 0.16

RELEASE = number(2025, 3, 3)
CEILING = {"pro": 0.18, "enterprise": 0.58}
CLIMB = 0.22
MIDDLE_WEEK = 14
WEEKLY_USE = 0.6

CHECKLIST = (number(2025, 1, 6), number(2025, 7, 7))
EMPTY_STATE = (number(2024, 4, 1), number(2024, 9, 30))
ACTIVATION = {None: 0.34, "control": 0.34, "treatment": 0.50}

BAD_WEEK = range(number(2025, 5, 12), number(2025, 5, 19))

WIN_RATE = {
    "referral": 0.44,
    "partner": 0.36,
    "webinar": 0.27,
    "website": 0.25,
    "event": 0.23,
    "paid_search": 0.17,
    "outbound": 0.13,
}

# Shares of promoters, passives and detractors.
NPS = {
    "starter": (0.36, 0.38, 0.26),
    "pro": (0.48, 0.35, 0.17),
    "enterprise": (0.56, 0.33, 0.11),
}
NPS_RESPONSE = 0.27
CSAT_RESPONSE = 0.38
CSAT_TOP_TWO = {"fast": 0.86, "slow": 0.68}
FAST_REPLY_HOURS = 4

CLICK_RATE = {
    "newsletter": 0.021,
    "product_update": 0.045,
    "webinar_invite": 0.032,
    "winback": 0.012,
}
SUBMIT_RATE = {"/": 0.03, "/pricing": 0.10, "/demo": 0.22, "/blog": 0.015, "/webinar": 0.14}


def hazard(plan: str, active_share: float) -> float:
    """The chance that a customer leaves at a monthly billing date."""
    return min(0.5, HAZARD[plan] * exp(-USAGE_SLOPE * (active_share - USAGE_MIDDLE)))


def term_hazard(plan: str, active_share: float) -> float:
    """The chance that a customer on a yearly contract leaves at its renewal."""
    return 1 - (1 - hazard(plan, active_share)) ** 12


def adopted(plan: str, monday: int) -> float:
    """The share of a plan's users who have taken up reports by that week."""
    week = (monday - RELEASE) / 7
    return CEILING.get(plan, 0.0) / (1 + exp(-CLIMB * (week - MIDDLE_WEEK)))
