"""What customers say: tickets, invitations to surveys, answers, referrals, advocacy."""

from dataclasses import dataclass
from random import Random

from generator import names, truths
from generator.customers import Customer
from generator.days import DAY, END, HOUR, START, at, day_text, number, utc_text
from generator.files import Cell, Table
from generator.records import Person

LIMIT = at(END, 0)
REPLY_HOURS = {"high": 0.9, "normal": 3.2, "low": 8.0}
SOLVE_HOURS = {"high": 9.0, "normal": 26.0, "low": 60.0}


@dataclass
class Ticket:
    """A request for help; moments, None where not yet."""

    opened: int
    person: Person
    priority: str
    replied: int | None
    solved: int | None
    ticket_id: str = ""


@dataclass
class Answer:
    """An answer to a survey."""

    moment: int
    survey: str
    cycle: str
    score: int | None
    person: Person
    touchpoint: str
    channel: str
    comment: str | None
    answer_id: str = ""


def draw_tickets(customers: list[Customer]) -> list[Ticket]:
    """People who come by sometimes need help, more so in the bad week."""
    rng, tickets = Random("tickets"), []
    for customer in customers:
        for person in customer.people:
            for day in sorted(person.visits):
                chance = 0.16 if day in truths.BAD_WEEK else 0.035
                if START <= day < END and rng.random() < chance:
                    tickets.append(draw_ticket(rng, person, day))
    tickets.sort(key=lambda ticket: (ticket.opened, ticket.person.user_id))
    for nth, ticket in enumerate(tickets, 1):
        ticket.ticket_id = f"T{nth:05d}"
    return tickets


def draw_ticket(rng: Random, person: Person, day: int) -> Ticket:
    """One ticket, replied to and solved by its priority."""
    opened = at(day, rng.randrange(8 * HOUR, 19 * HOUR))
    priority = rng.choices(("high", "normal", "low"), (18, 60, 22))[0]
    replied = opened + int(REPLY_HOURS[priority] * HOUR * rng.lognormvariate(0, 0.8))
    solved = replied + int(SOLVE_HOURS[priority] * HOUR * rng.lognormvariate(0, 0.9))
    never = rng.random() < 0.015
    return Ticket(opened, person, priority, known(replied), None if never else known(solved))


def known(moment: int) -> int | None:
    """The moment, unless it lies after the sample."""
    return moment if moment < LIMIT else None


def ticket_table(tickets: list[Ticket]) -> Table:
    """tickets.csv."""
    rows: list[list[Cell]] = [
        [
            ticket.ticket_id,
            ticket.person.account_id,
            ticket.person.user_id,
            ticket.priority,
            utc_text(ticket.opened),
            utc_text(ticket.replied),
            utc_text(ticket.solved),
        ]
        for ticket in tickets
    ]
    header = "ticket_id,account_id,requester_id,priority,opened_at,first_reply_at,solved_at"
    table = Table("tickets.csv", tuple(header.split(",")), rows)
    table.spoil("solved_at", ("n/a", "0000-00-00"))
    table.spoil("priority", (None,) * 12)
    return table


class Surveys:
    """Draws invitations and answers."""

    def __init__(self) -> None:
        self.rng = Random("surveys")
        self.invitations: list[tuple[int, str, str, str]] = []
        self.answers: list[Answer] = []

    def ask_all(self, customers: list[Customer], tickets: list[Ticket]) -> None:
        """NPS every quarter, CSAT after solved tickets."""
        for customer in customers:
            for person in customer.people:
                if not person.is_test:
                    self.ask_person(customer, person)
        for ticket in tickets:
            if ticket.solved is not None and not ticket.person.is_test:
                self.ask_after(ticket)
        self.answer_twice()
        self.answers.sort(key=lambda answer: (answer.moment, answer.person.user_id))
        for nth, answer in enumerate(self.answers, 1):
            answer.answer_id = f"R{nth:05d}"

    def ask_person(self, customer: Customer, person: Person) -> None:
        """Invite at most once a quarter, on a day of its own."""
        for first, cycle in quarters():
            day = first + self.rng.randrange(88)
            if self.rng.random() < 0.38 and START <= day < END and person.here(day):
                sent = at(day, 9 * HOUR + self.rng.randrange(HOUR))
                self.invitations.append((sent, "nps", cycle, person.user_id))
                if self.rng.random() < truths.NPS_RESPONSE:
                    self.answer_nps(customer.offer.plan, person, cycle, sent)

    def answer_nps(self, plan: str, person: Person, cycle: str, sent: int) -> None:
        """Answer by the mood of the plan, some days later."""
        group = self.rng.choices(("promoter", "passive", "detractor"), truths.NPS[plan])[0]
        choices = {"promoter": (9, 9, 10, 10, 10), "passive": (7, 8, 8)}
        score = self.rng.choice(choices.get(group, (0, 2, 3, 4, 5, 5, 6, 6, 6)))
        moment = at(sent // DAY + int(self.rng.expovariate(0.5)), self.office_hour())
        channel = self.rng.choice(("email", "email", "in_app"))
        comment = self.rng.choice(names.COMMENTS) if self.rng.random() < 0.12 else None
        lost = self.rng.random() < 0.012
        answer = Answer(
            max(moment, sent + 300), "nps", cycle, None if lost else score, person,
            "relationship", channel, comment,
        )  # fmt: skip
        self.keep(answer)

    def ask_after(self, ticket: Ticket) -> None:
        """Two of three solved tickets are followed by a question, two hours later."""
        if ticket.solved is None or ticket.replied is None:
            return
        sent = ticket.solved + 2 * HOUR
        cycle = quarter_of(sent // DAY)
        if sent >= LIMIT or self.rng.random() < 0.35:
            return
        self.invitations.append((sent, "csat", cycle, ticket.person.user_id))
        if self.rng.random() < truths.CSAT_RESPONSE:
            fast = ticket.replied - ticket.opened <= truths.FAST_REPLY_HOURS * HOUR
            happy = self.rng.random() < truths.CSAT_TOP_TWO["fast" if fast else "slow"]
            score = self.rng.choice((4, 5, 5) if happy else (1, 2, 3, 3))
            lost = self.rng.random() < 0.012
            moment = sent + int(self.rng.lognormvariate(9.5, 1.2))
            answer = Answer(
                moment, "csat", cycle, None if lost else score, ticket.person,
                "support", "email", None,
            )  # fmt: skip
            self.keep(answer)

    def keep(self, answer: Answer) -> None:
        """Answers after the sample have not come in."""
        if answer.moment < LIMIT:
            self.answers.append(answer)

    def answer_twice(self) -> None:
        """Some thought better of it a few days later, in the same cycle."""
        nps = [answer for answer in self.answers if answer.survey == "nps"]
        for first in self.rng.sample(nps, 26):
            score = self.rng.choice((5, 6, 7, 8, 9, 10))
            moment = first.moment + self.rng.randrange(1, 6) * DAY
            again = Answer(moment, "nps", first.cycle, score, first.person, "relationship",
                           first.channel, None)  # fmt: skip
            self.keep(again)

    def office_hour(self) -> int:
        """A second of the day between eight and nine at night."""
        return self.rng.randrange(8 * HOUR, 21 * HOUR)


def quarters() -> list[tuple[int, str]]:
    """The first day and the name of every quarter of the sample."""
    firsts = [(year, quarter) for year in (2023, 2024, 2025) for quarter in (1, 2, 3, 4)]
    return [
        (number(year, 3 * quarter - 2, 1), f"{year}-Q{quarter}")
        for year, quarter in firsts
        if START - 1 <= number(year, 3 * quarter - 2, 1) < END
    ]


def quarter_of(day: int) -> str:
    """The name of the quarter around a day."""
    return [name for first, name in quarters() if first <= day][-1]


def invitation_table(surveys: Surveys) -> Table:
    """invitations.csv."""
    rows: list[list[Cell]] = [
        [utc_text(sent), survey, cycle, respondent]
        for sent, survey, cycle, respondent in sorted(surveys.invitations)
    ]
    return Table("invitations.csv", ("sent_at", "survey", "cycle", "respondent_id"), rows)


def answer_table(surveys: Surveys) -> Table:
    """answers.csv, with six rows that were exported twice."""
    rows = [answer_row(answer) for answer in surveys.answers]
    header = (
        "answer_id,answered_at,survey,cycle,score,respondent_id,account_id,touchpoint,stage,"
        "channel,comment"
    )
    table = Table("answers.csv", tuple(header.split(",")), rows)
    table.spoil("score", ("ten", "9/10"), among="nps")
    for place in sorted(Random("twice answers").sample(range(len(rows)), 6), reverse=True):
        rows.insert(place, list(rows[place]))
    return table


def answer_row(answer: Answer) -> list[Cell]:
    """One line; the stage is the age of the user."""
    age = answer.moment // DAY - answer.person.born
    return [
        answer.answer_id,
        utc_text(answer.moment),
        answer.survey,
        answer.cycle,
        answer.score,
        answer.person.user_id,
        answer.person.account_id,
        answer.touchpoint,
        "onboarding" if age < 60 else "first_year" if age < 365 else "renewal",
        answer.channel,
        answer.comment,
    ]


def referral_table(customers: list[Customer]) -> Table:
    """referrals.csv: about one in four ends in a sign-up."""
    rng, drawn = Random("referrals"), list[tuple[int, str, int | None]]()
    for customer in customers:
        for person in customer.people:
            for day in sorted(person.visits):
                if START <= day < END and not person.is_test and rng.random() < 0.0065:
                    invited = at(day, rng.randrange(9 * HOUR, 18 * HOUR))
                    after = invited + int(8 * DAY * rng.lognormvariate(0, 0.8))
                    converted = known(after) if rng.random() < 0.24 else None
                    drawn.append((invited, person.user_id, converted))
    rows: list[list[Cell]] = [
        [f"F{nth:04d}", who, utc_text(invited), utc_text(converted)]
        for nth, (invited, who, converted) in enumerate(sorted(drawn, key=lambda row: row[:2]), 1)
    ]
    return Table(
        "referrals.csv", ("referral_id", "referrer_id", "invited_at", "converted_at"), rows
    )


def advocacy_table(customers: list[Customer]) -> Table:
    """advocacy.csv: acts of accounts older than half a year."""
    rng, rows = Random("advocacy"), list[tuple[int, str, str]]()
    chance = {"starter": 0.01, "pro": 0.028, "enterprise": 0.06}
    for customer in customers:
        first = max(START, customer.signup.day + 180)
        last = END if customer.closed is None else min(END, customer.closed)
        for month in range(first, last, 30):
            day = month + rng.randrange(30)
            act = rng.choices(("review", "reference", "case_study", "event"), (45, 20, 12, 23))[0]
            lucky = rng.random() < chance[customer.offer.plan]
            if lucky and day < last and not customer.internal:
                rows.append((day, customer.account_id, act))
    cells: list[list[Cell]] = [[day_text(day), account, act] for day, account, act in sorted(rows)]
    return Table("advocacy.csv", ("done_at", "account_id", "act"), cells)
