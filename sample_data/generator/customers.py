"""The life of a customer: contracts, people, and the days on which they come by."""

from collections.abc import Callable
from itertools import count
from math import exp
from random import Random
from statistics import NormalDist

from generator import truths
from generator.chance import poisson
from generator.days import (
    DAY,
    END,
    HOUR,
    START,
    WEEKDAYS,
    anchored,
    at,
    months_after,
    week_season,
    weekday,
    working,
)
from generator.offers import DOWNGRADE, UPGRADE, Offer
from generator.records import Person, Signup, Term

CORE = "Report Suite"
ADD_ONS = ("Data Connect", "Alert Desk")


class Customer:
    """One account, told from its first day to the end of the sample."""

    def __init__(self, account_id: str, signup: Signup, busy: dict[int, float]) -> None:
        self.account_id = account_id
        self.signup = signup
        self.company = signup.company
        self.offer = signup.company.offer
        self.busy = busy
        self.rng = Random(f"account {account_id}")
        self.mood = self.rng.normalvariate(0, 0.35)
        self.terms: list[Term] = []
        self.people: list[Person] = []
        self.present: list[Person] = []
        self.growth: list[tuple[int, str, float]] = []
        self.closed: int | None = None
        self.renewal: int | None = None
        self.internal = signup.origin == "internal"

    def live(self) -> "Customer":
        """Tell the whole life."""
        start = self.try_out() if self.signup.origin == "trial" else self.first_day()
        while start is not None and start < END:
            start = self.stay(start)
        return self

    def first_day(self) -> int:
        """Paid from some days after the contract."""
        return anchored(self.signup.day + self.rng.randrange(10))

    def try_out(self) -> int | None:
        """Fourteen days for nothing; then the first paid day, or None."""
        start, end = self.signup.day, self.signup.day + 14
        self.terms.append(Term(CORE, self.offer, 0.0, start, "trial", end))
        self.move_in(start)
        self.spend(start, min(end, END))
        if end >= END:
            return None
        if self.rng.random() < truths.TRIAL_CONVERSION:
            return anchored(end)
        self.close(end)
        return None

    def stay(self, start: int) -> int | None:
        """A run of paid months from start; the first day of the next run, or None."""
        self.terms.append(Term(CORE, self.offer, self.offer.amount, start))
        if not self.present:
            self.move_in(start)
        for month in count(1):
            day = months_after(start, month)
            self.spend(months_after(start, month - 1), min(day, END))
            due = month % 12 == 0 or not self.offer.yearly
            if day >= END:
                self.look_ahead(start, month, due)
                return None
            if due and self.rng.random() < self.risk(day):
                return self.leave(day)
            self.change(day, due)
        return None

    def risk(self, day: int) -> float:
        """The chance of leaving at this billing date."""
        if self.internal:
            return 0.0
        here = [person for person in self.present if person.here(day)]
        known = day - 28 >= START and here
        share = sum(p.active(day) for p in here) / len(here) if known else truths.USAGE_MIDDLE
        chance = truths.term_hazard if self.offer.yearly else truths.hazard
        return chance(self.offer.plan, share)

    def leave(self, day: int) -> int | None:
        """End all terms; the day of coming back, or None for good."""
        notice = day - self.rng.randrange(2, 21)
        for term in self.open_terms():
            term.end, term.status, term.canceled = day, "canceled", max(term.start, notice)
        back = anchored(day + self.rng.randrange(60, 240))
        returns = self.rng.random() < truths.WIN_BACK and back < END
        self.close(day)
        if returns:
            self.closed = None
        return back if returns else None

    def close(self, day: int) -> None:
        """The account is closed and its people go."""
        self.closed = day
        for person in self.present:
            person.left = day
            person.forgotten = self.rng.random() < 0.03
            person.visits = {d: n for d, n in person.visits.items() if d < day}
            if person.alert is not None and person.alert >= at(day, 0):
                person.alert = None
        self.present = []

    def look_ahead(self, start: int, month: int, due: bool) -> None:
        """The next renewal, and a notice already given for the next billing date."""
        to_go = -month % 12
        self.renewal = months_after(start, month + to_go) if self.offer.yearly else None
        day = months_after(start, month)
        notice = day - self.rng.randrange(2, 21)
        if due and notice < END and self.rng.random() < self.risk(END):
            for term in self.open_terms():
                term.end, term.canceled = day, max(term.start, notice)

    def open_terms(self) -> list[Term]:
        """All terms without an end."""
        return [term for term in self.terms if term.end is None]

    def change(self, day: int, due: bool) -> None:
        """What else may happen at a monthly step."""
        self.change_plan(day, due)
        self.change_seats(day, due)
        self.change_add_on(day)

    def change_plan(self, day: int, due: bool) -> None:
        """Upgrades come at any step, downgrades where the contract is due."""
        plan = self.offer.plan
        up, up_chance = UPGRADE.get(plan, (plan, 0.0))
        down, down_chance = DOWNGRADE.get(plan, (plan, 0.0))
        times = 12 if self.offer.yearly else 1
        if self.rng.random() < up_chance:
            self.switch(day, self.offer.changed(plan=up))
        elif due and self.rng.random() < down_chance * times:
            self.switch(day, self.offer.changed(plan=down))

    def change_seats(self, day: int, due: bool) -> None:
        """More seats at any step, fewer where the contract is due."""
        seats = self.offer.seats
        times = 6 if self.offer.yearly else 1
        if self.rng.random() < 0.034:
            more = max(1, round(seats * self.rng.uniform(0.1, 0.4)))
            self.switch(day, self.offer.changed(seats=seats + more))
        elif due and seats > 3 and self.rng.random() < 0.014 * times:
            fewer = max(1, round(seats * self.rng.uniform(0.1, 0.3)))
            self.switch(day, self.offer.changed(seats=seats - fewer))

    def switch(self, day: int, offer: Offer) -> None:
        """Go on under another offer."""
        old = next(term for term in self.open_terms() if term.product == CORE)
        if old.start == day:
            self.terms.remove(old)
        else:
            old.end, old.status = day, "changed"
        self.note_growth(day, CORE, offer.year_value - self.offer.year_value)
        self.offer = offer
        self.terms.append(Term(CORE, offer, offer.amount, day))

    def change_add_on(self, day: int) -> None:
        """Larger plans take a second product, or give it up."""
        extra = [term for term in self.open_terms() if term.product != CORE]
        if extra and self.rng.random() < 0.012:
            extra[0].end, extra[0].status, extra[0].canceled = day, "canceled", day
        elif not extra and self.offer.plan != "starter" and self.rng.random() < 0.006:
            product = self.rng.choice(ADD_ONS)
            amount = round(self.offer.amount * self.rng.uniform(0.15, 0.3))
            self.terms.append(Term(product, self.offer, amount, day))
            self.note_growth(day, product, amount * (1 if self.offer.yearly else 12))

    def note_growth(self, day: int, product: str, year_value: float) -> None:
        """Keep what sales may have sold."""
        if day >= START and year_value > 0 and not self.internal:
            self.growth.append((day, product, year_value))

    def move_in(self, day: int) -> None:
        """The first people of an account, the admin on the first day."""
        for nth in range(max(1, round(self.offer.seats * self.rng.uniform(0.4, 0.65)))):
            later = min(25, int(self.rng.expovariate(1 / 4))) if nth else 0
            self.add(day + later, "admin" if nth == 0 else None)

    def add(self, day: int, role: str | None = None) -> None:
        """One more person, unless the sample ends before."""
        day = day if role == "admin" else working(day)
        if day >= END:
            return
        rng = self.rng
        base = rng.normalvariate(0, 1)
        rank = 0.6 * base + 0.8 * rng.normalvariate(0, 1)
        person = Person(
            account_id=self.account_id,
            role=role or rng.choices(("member", "viewer", "admin"), (60, 30, 10))[0],
            created=at(day, self.hour(10.5)),
            habit=min(0.75, exp(-3.05 + 1.0 * base)),
            rank=1 - NormalDist().cdf(rank),
            is_test=self.internal or rng.random() < 0.004,
            phone=rng.random() < 0.25,
        )
        self.people.append(person)
        self.present.append(person)
        if day >= START:
            self.welcome(person)

    def hour(self, middle: float) -> int:
        """A second of the day in the account's office hours, seen from Berlin."""
        shift = 5.5 if self.company.region == "North America" else 0.0
        hours = self.rng.normalvariate(middle + shift, 2.2)
        return int(min(22.5, max(7.0, hours)) * HOUR) + self.rng.randrange(60)

    def welcome(self, person: Person) -> None:
        """Experiments, activation and the first visit."""
        if not person.is_test:
            person.arms = self.arms(person.born)
        chance = truths.ACTIVATION[person.arms.get("activation_checklist")]
        if self.rng.random() < chance:
            self.activate(person)
        if self.rng.random() < 0.75:
            person.visits.setdefault(person.born, 0)

    def arms(self, day: int) -> dict[str, str]:
        """Draw a variant of each experiment that runs on the day."""
        running = {"activation_checklist": truths.CHECKLIST, "empty_state_copy": truths.EMPTY_STATE}
        return {
            name: self.rng.choice(("control", "treatment"))
            for name, (first, end) in running.items()
            if first <= day < end
        }

    def activate(self, person: Person) -> None:
        """The first alert, within seven days of the person's start."""
        later = self.rng.choices(range(7), (44, 20, 12, 8, 6, 6, 4))[0]
        soon = person.created % DAY + self.rng.randrange(300, 3 * HOUR)
        person.alert = at(person.born + later, soon if later == 0 else self.hour(11.5))
        if person.alert < at(END, 0):
            person.visits.setdefault(person.born + later, 0)

    def spend(self, first: int, end: int) -> None:
        """The days of a month: who joins, who goes, who comes by, who writes reports."""
        self.mood = 0.92 * self.mood + self.rng.normalvariate(0, 0.14)
        self.turn_over(first, end)
        for person in self.present:
            self.come_by(person, first, end)
        if self.offer.plan in truths.CEILING:
            self.write_reports(first, end)

    def turn_over(self, first: int, end: int) -> None:
        """Free seats fill slowly; now and then somebody leaves."""
        days = max(1, end - first)
        gap = self.offer.seats * 0.7 - len(self.present)
        for _ in range(poisson(self.rng, 0.1 + 0.05 * gap) if gap > 0 else 0):
            self.add(first + self.rng.randrange(days))
        for person in self.present:
            if len(self.present) > 1 and self.rng.random() < 0.011:
                person.left = max(person.born, first) + 1 + self.rng.randrange(days)
        self.present = [p for p in self.present if p.left is None or p.left >= first]

    def come_by(self, person: Person, first: int, end: int) -> None:
        """Draw the days on which the person comes by."""
        chance = person.habit * exp(self.mood) * (2.0 if self.internal else 1.0)
        last = end if person.left is None else min(end, person.left)
        draw: Callable[[], float] = self.rng.random
        for day in range(max(first, START, person.born + 1), last):
            if draw() < chance * self.busy[day]:
                person.visits.setdefault(day, 0)

    def write_reports(self, first: int, end: int) -> None:
        """Every Monday: who has taken up reports writes some in that week, or not."""
        monday = first + -weekday(first) % 7
        for week in range(max(monday, truths.RELEASE), end, 7):
            taken_up = truths.adopted(self.offer.plan, week)
            chance = truths.WEEKLY_USE * week_season(week)
            for person in self.present:
                if person.here(week) and person.rank < taken_up and self.rng.random() < chance:
                    self.write_week(person, week)

    def write_week(self, person: Person, monday: int) -> None:
        """One to three days of the week, some reports on each."""
        days = 1 + (self.rng.random() < 0.45) + (self.rng.random() < 0.2)
        for later in self.rng.choices(range(7), WEEKDAYS, k=days):
            day = monday + later
            if day < END and (person.left is None or day < person.left):
                reports = self.rng.choices((1, 2, 3, 4), (60, 25, 10, 5))[0]
                person.visits[day] = person.visits.get(day, 0) + reports
