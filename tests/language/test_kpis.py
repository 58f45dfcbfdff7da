"""KPIs: kinds over rows, ready definitions, one definition for many, grains, balances."""

from datetime import date

import pytest

from language.folder import Folder

TICKETS = """
    ticket_id,opened_at,solved_at,priority,hours,clicks,delivered,account_id
    T1,2025-01-02,2025-01-05,high,4,1,10,A
    T2,2025-01-10,2025-02-10,low,6,2,10,A
    T3,2025-01-20,,high,20,3,20,B
    T4,2025-01-31,2025-01-31,low,2,0,10,
    """
SOURCES = "sources: {tickets: {path: tickets.csv, time: opened_at}}\n"

KINDS = [
    ("kind: count", 4),
    ("kind: count, distinct: account_id", 2),
    ("kind: sum, of: hours", 32),
    ("kind: sum, of: hours * 2 + 1", 68),
    ("kind: average, of: hours", 8),
    ("kind: percentile, of: hours", 5),
    ("kind: percentile, of: hours, p: 100", 20),
    ("kind: share, count_if: priority = 'high'", 0.5),
    ("kind: share, where: account_id = 'A', count_if: priority = 'high'", 0.5),
    ("kind: ratio, numerator: clicks, denominator: delivered", 6 / 50),
    ("kind: ratio, denominator: delivered, numerator: {sum: clicks, where: hours >= 4}", 0.12),
    ("kind: ratio, numerator: {count: tickets}, denominator: {count_distinct: account_id}", 2),
    ("kind: ratio, denominator: {count: rows}, numerator: {count: rows, where: hours < 4}", 0.25),
]


@pytest.mark.parametrize(("keys", "value"), KINDS)
def test_kinds_over_rows(folder: Folder, keys: str, value: float) -> None:
    told = folder.put({"tickets.csv": TICKETS}).tell(
        f"{SOURCES}kpis: {{told: {{source: tickets, grain: month, {keys}}}}}"
    )
    assert told.problems == ()
    assert told.value("told", "2025-01") == pytest.approx(value)


def test_score_is_also_written_nps(folder: Folder) -> None:
    folder.put(
        {"answers.csv": "score,day\n10,2025-01-02\n9,2025-01-03\n7,2025-01-04\n0,2025-01-31\n"}
    )
    told = folder.tell("""
        sources: {answers: {path: answers.csv, time: day}}
        kpis:
          one: {kind: score, source: answers, of: score, grain: month}
          two: {kind: nps, source: answers, of: score, grain: month}
        """)
    assert told.value("one", "2025-01") == 25
    assert told.value("two", "2025-01") == 25


def test_each_side_of_a_ratio_has_its_own_source_where_and_time(folder: Folder) -> None:
    folder.put(
        {
            "tickets.csv": TICKETS,
            "accounts.csv": "account_id,signed_up\nA,2025-01-01\nB,2025-01-31\n",
        }
    )
    told = folder.tell("""
        sources:
          tickets: {path: tickets.csv, time: opened_at}
          accounts: {path: accounts.csv, key: account_id, start: signed_up}
        kpis:
          per_signup: {kind: ratio, grain: month,
            numerator: {count: tickets, where: priority = 'high', time: solved_at},
            denominator: {count: accounts}}
        """)
    # One high ticket solved in January, two accounts signed up in it.
    assert told.value("per_signup", "2025-01") == 0.5


FORMULAS = [
    ("a + b * 2 - 1", 4 + 32 * 2 - 1),
    ("(a + b) / 2", 18),
    ("coalesce(none, 7)", 7),
    ("least(a, b)", 4),
    ("greatest(a, b, 50)", 50),
    ("b / (a - 4)", None),
    ("lag(a, 1)", 3),
    ("a - lag(a, 1)", 1),
]


@pytest.mark.parametrize(("formula", "value"), FORMULAS)
def test_a_formula_is_arithmetic_on_kpis(folder: Folder, formula: str, value: float | None) -> None:
    december = "    T0,2024-12-05,,low,1,0,1,A\n" * 3
    told = folder.put({"tickets.csv": TICKETS + december}).tell(f"""
        {SOURCES.strip()}
        kpis:
          a: {{kind: count, source: tickets, grain: month}}
          b: {{kind: sum, source: tickets, of: hours, grain: month}}
          none: {{kind: average, source: tickets, of: hours, where: hours > 99, grain: month}}
          told: {{kind: formula, formula: "{formula}"}}
        """)
    assert told.value("told", "2025-01") == value
    if value is None:
        assert told.record("told", "2025-01").reason == "zero_denominator"


def test_a_formula_looks_its_names_up_in_kpis_then_in_the_library(folder: Folder) -> None:
    folder.put({"tickets.csv": TICKETS})
    told = folder.tell("""
        sources: {tickets: {path: tickets.csv, start: opened_at, end: solved_at, quiet: 1mo}}
        kpis:
          half: {kind: formula, formula: tickets_opened / 2, grain: month}
        """)
    assert told.value("half", "2025-01") == 2
    # An input from the library is computed and not shown.
    assert [card.name for card in told.outcome.kpis] == ["half"]
    assert {one.kpi for one in told.outcome.results} == {"half"}


def test_use_brings_in_a_definition_and_every_key_beside_it_replaces(folder: Folder) -> None:
    folder.put({"tickets.csv": TICKETS})
    told = folder.tell("""
        sources: {tickets: {path: tickets.csv, start: opened_at, end: solved_at, quiet: 1mo}}
        kpis:
          opened: {use: tickets_opened, title: Cases, grain: month, target: 5}
          urgent: {use: tickets_opened, and_where: priority = 'high', grain: month}
        """)
    card = told.outcome.kpis[0]
    assert (card.title, card.better, told.value("opened", "2025-01")) == ("Cases", "lower", 4)
    assert told.record("opened", "2025-01").status == "green"
    assert told.value("urgent", "2025-01") == 2


def test_and_where_adds_to_the_where_of_the_definition(folder: Folder) -> None:
    folder.put({
        "answers.csv": """
            survey,score,answered_at,channel
            csat,5,2025-01-02,app
            csat,1,2025-01-03,mail
            nps,1,2025-01-31,app
            """
    })  # fmt: skip
    told = folder.tell("""
        sources: {answers: {path: answers.csv, time: answered_at}}
        kpis:
          all: {use: csat, grain: month}
          app: {use: csat, and_where: channel = 'app', grain: month}
          replaced: {use: csat, where: channel = 'app', grain: month}
        """)
    values = {name: told.value(name, "2025-01") for name in ("all", "app", "replaced")}
    assert values == {"all": 0.5, "app": 1, "replaced": 0.5}


def test_source_says_which_of_your_sources_plays_the_part(folder: Folder) -> None:
    folder.put({"survey.csv": "art,note,tag\ncsat,5,2025-01-02\ncsat,1,2025-01-31\n"})
    told = folder.tell("""
        sources:
          survey: {path: survey.csv, time: answered_at,
                   columns: {survey: art, score: note, answered_at: tag}}
        kpis: {csat: {use: csat, source: survey, grain: month}}
        """)
    assert told.value("csat", "2025-01") == 0.5


def test_an_unknown_definition_is_told_with_the_nearest(folder: Folder) -> None:
    folder.put({"tickets.csv": TICKETS})
    problem = folder.one_refusal(SOURCES + "kpis: {a: {use: csatt}}")
    assert (problem.code, str(problem.place)[-5:]) == ("unknown_use", ":3:17")
    assert "did you mean csat?" in (problem.hint or "")


def test_each_repeats_a_kpi_with_its_name_filled_in(folder: Folder) -> None:
    told = folder.put({"tickets.csv": TICKETS}).tell(f"""
        {SOURCES.strip()}
        kpis:
          tickets_{{what}}:
            each: {{what: [high, low]}}
            title: "Tickets, {{what}}"
            kind: count
            source: tickets
            where: priority = '{{what}}' and account_id = 'A'
            grain: month
          bare: {{each: {{plan: [x, y]}}, kind: count, source: tickets, grain: month}}
        """)
    assert [card.name for card in told.outcome.kpis] == [
        "tickets_high", "tickets_low", "bare_x", "bare_y",
    ]  # fmt: skip
    assert told.outcome.kpis[1].title == "Tickets, low"
    assert told.value("tickets_high", "2025-01") == 1


def test_each_fills_in_every_text(folder: Folder) -> None:
    told = folder.put({"tickets.csv": TICKETS}).tell(
        f"""
        {SOURCES.strip()}
        kpis:
          "{{what}}":
            each: {{what: [high, low], least: [1]}}
            title: Accounts with {{what}} tickets
            kind: active
            population: seen
            entity: account_id
            source: tickets
            did: priority = '{{what}}'
            at_least: "{{least}}"
            grain: month
            group: All of {{what}}
            owner: ["Team {{what}}"]
            if_red: Call about {{what}}
            targets: [{{target: 1, if_red: "Look at {{what}}"}}]
          share:
            each: {{what: [high, low]}}
            kind: formula
            formula: "{{what}} / (high + low)"
            unit: ratio
        """
    )

    cards = {card.name: card for card in told.outcome.kpis}
    assert list(cards) == ["high", "low", "share_high", "share_low"]
    low = cards["low"]
    assert (low.title, low.group) == ("Accounts with low tickets", "All of low")
    assert low.owner == ("Team low",)
    assert (low.if_red, cards["share_low"].formula) == ("Call about low", "low / (high + low)")
    assert "priority = 'low'" in low.definition
    shares = [told.value(f"share_{what}", "2025-01") or 0 for what in ("high", "low")]
    assert sum(shares) == 1


def test_the_name_in_the_file_means_every_kpi_that_each_makes(folder: Folder) -> None:
    folder.put({"tickets.csv": TICKETS})
    text = f"""
        {SOURCES.strip()}
        kpis:
          bare: {{each: {{plan: [x, y]}}, kind: count, source: tickets, grain: month}}
          other: {{kind: count, source: tickets, grain: month}}
        %s
        """
    report = "reports: {monthly: {kpis: [other, bare]}}"
    assert [card.name for card in folder.tell(text % report).outcome.kpis] == [
        "other", "bare_x", "bare_y",
    ]  # fmt: skip
    told = folder.tell(text % "", names=("bare",))
    assert [card.name for card in told.outcome.kpis] == ["bare_x", "bare_y"]
    problem = folder.one_refusal(text % "  sum: {kind: formula, formula: bare + other}")
    assert problem.code == "unknown_kpi"
    assert "bare_x, bare_y" in (problem.hint or "")


def test_a_name_that_each_fills_in_may_not_be_another_kpis(folder: Folder) -> None:
    folder.put({"tickets.csv": TICKETS})
    problem = folder.one_refusal(f"""
        {SOURCES.strip()}
        kpis:
          "a_{{x}}": {{each: {{x: [1, 2]}}, kind: count, source: tickets}}
          a_1: {{kind: count, source: tickets}}
        """)
    assert (problem.code, problem.kpi) == ("twice", "a_1")


def test_include_splits_the_definitions(folder: Folder) -> None:
    folder.put(
        {
            "tickets.csv": TICKETS,
            "kpis/one.yaml": "kpis:\n  one: {kind: count, source: tickets, grain: month}\n",
            "kpis/two.yaml": "segments:\n  urgency: tickets.priority\n"
            "kpis:\n  two: {kind: count, source: tickets, grain: month, by: [urgency]}\n",
        }
    )
    told = folder.tell(SOURCES + "include: ['kpis/*.yaml']\n")
    assert told.value("one", "2025-01") == 4
    assert told.split("two", "2025-01") == {"high": 2, "low": 2}


def test_an_included_file_tells_its_own_places(folder: Folder) -> None:
    folder.put(
        {
            "tickets.csv": TICKETS,
            "kpis/one.yaml": "kpis:\n  own: {kind: cuont, source: tickets}\n"
            "  one: {kind: count, source: tickets}\n",
            "kpis/two.yaml": "kpis:\n  one: {kind: count, source: tickets}\ntitle: x\n",
        }
    )
    problems = folder.refusal(SOURCES + "include: ['kpis/*.yaml']\n")
    told = {(one.code, str(one.place).rsplit("/", 1)[-1]) for one in problems}
    assert told == {
        ("unknown_kind", "one.yaml:2:15"), ("twice", "two.yaml:2:3"),
        ("not_included", "two.yaml:3:1"),
    }  # fmt: skip


GROWING = [
    ("kind: count", "target: 5"),
    ("kind: sum, of: hours", "target: 5"),
    ("kind: count", "targets: [{for: {priority: high}, target: 5}], by: [priority]"),
]


@pytest.mark.parametrize(("kind", "target"), GROWING)
def test_a_target_on_what_grows_with_its_period_needs_a_grain(
    folder: Folder, kind: str, target: str
) -> None:
    folder.put({"tickets.csv": TICKETS})
    kpi = f"kpis: {{told: {{{kind}, source: tickets, {target}%s}}}}"
    problem = folder.one_refusal(SOURCES + kpi % "")
    assert (problem.code, problem.kpi) == ("grain", "told")
    assert "add grain:" in (problem.hint or "")
    assert folder.tell(SOURCES + kpi % ", grain: month").problems == ()
    assert folder.tell("grain: month\n" + SOURCES + kpi % "").problems == ()


def test_a_share_needs_no_grain_for_its_target(folder: Folder) -> None:
    told = folder.put({"tickets.csv": TICKETS}).tell(
        SOURCES + "kpis: {told: {kind: share, source: tickets, count_if: hours > 3, target: 50%}}"
    )
    assert told.record("told", "2025-W04").grain == "week"


def test_a_count_of_a_list_needs_no_grain(folder: Folder) -> None:
    told = folder.put({"tickets.csv": TICKETS}).tell("""
        sources: {tickets: {path: tickets.csv}}
        kpis: {told: {kind: count, source: tickets, target: 5}}
        """)
    assert told.record("told", "snapshot").status == "red"


def test_a_report_of_another_grain_shows_the_newest_of_its_own_labelled(folder: Folder) -> None:
    told = folder.put({"tickets.csv": TICKETS}).tell(f"""
        {SOURCES.strip()}
        kpis:
          monthly: {{kind: count, source: tickets, grain: month, target: 3}}
          any: {{kind: count, source: tickets}}
        reports: {{weekly: {{grain: week, kpis: [monthly, any]}}}}
        """)
    assert told.record("any", "2025-W04").grain == "week"
    newest = told.record("monthly", "2025-01")
    assert (newest.grain, newest.value, newest.status) == ("month", 4, "green")
    assert "Jan 2025" in told.written()


def test_another_grain_on_the_command_line_is_computed_and_not_judged(folder: Folder) -> None:
    told = folder.put({"tickets.csv": TICKETS}).tell(
        SOURCES + "kpis: {monthly: {kind: count, source: tickets, grain: month, target: 3}}",
        grain="week",
    )
    record = told.record("monthly", "2025-W04")
    assert (record.value, record.status, record.reason) == (1, None, "other_grain")
    assert told.outcome.summary.targets == told.outcome.summary.no_data
    assert "Monthly: judged per month, not per week" in told.written()


def test_the_inputs_of_a_formula_are_computed_in_its_grain(folder: Folder) -> None:
    told = folder.put({"tickets.csv": TICKETS}).tell(f"""
        {SOURCES.strip()}
        kpis:
          a: {{kind: count, source: tickets}}
          told: {{kind: formula, formula: a * 10, grain: month}}
        """)
    assert told.value("told", "2025-01") == 40


def test_inputs_that_declare_different_grains_are_an_error_naming_both(folder: Folder) -> None:
    folder.put({"tickets.csv": TICKETS})
    kpis = """kpis:
  a: {kind: count, source: tickets, grain: week}
  b: {kind: count, source: tickets, grain: month}
  told: {kind: formula, formula: a / b%s}
"""
    problem = folder.one_refusal(SOURCES + kpis % "")
    assert problem.code == "grain"
    assert "a is per week" in problem.message
    assert "b is per month" in problem.message
    problem = folder.one_refusal(SOURCES + kpis % ", grain: month")
    assert "a is per week" in problem.message


def test_a_formula_that_leads_back_to_itself(folder: Folder) -> None:
    folder.put({"tickets.csv": TICKETS})
    problems = folder.refusal(
        SOURCES + "kpis: {a: {kind: formula, formula: b + 1}, b: {kind: formula, formula: a}}"
    )
    assert {one.code for one in problems} == {"circle"}


DEALS = """
    deal_id,opened,closed,stage,region,amount
    D1,2025-01-10,2025-02-10,Won,EU,10
    D2,2025-01-20,,Proposal,EU,20
    D3,2025-02-05,,Proposal,US,30
    D4,,,Proposal,US,40
    """
LASTING = "sources: {deals: {path: deals.csv, start: opened, end: closed, quiet: 1mo}}\n"
APRIL = date(2025, 3, 1)


def test_a_balance_is_the_state_at_period_end(folder: Folder) -> None:
    told = folder.put({"deals.csv": DEALS}).tell(
        LASTING
        + "kpis: {open: {kind: balance, source: deals, of: amount, grain: month, by: [region]}}",
        as_of=APRIL,
    )
    assert told.value("open", "2025-01") == 30
    assert told.value("open", "2025-02") == 50
    assert told.split("open", "2025-02") == {"EU": 20, "US": 30}


CHANGING = [
    "where: stage = 'Proposal'",
    "where: {stage: Proposal}",
    "of: case when stage = 'Won' then 0 else 1 end",
]


@pytest.mark.parametrize("keys", CHANGING)
def test_a_condition_on_what_changes_is_true_of_today_only(folder: Folder, keys: str) -> None:
    told = folder.put({"deals.csv": DEALS}).tell(
        f"{LASTING}kpis: {{open: {{kind: balance, source: deals, {keys}, grain: month}}}}",
        as_of=APRIL,
    )
    assert told.value("open", "2025-02") == 2
    record = told.record("open", "2025-01")
    assert (record.value, record.reason) == (None, "current_state")


def test_as_if_constant_is_computed_and_repeated_by_every_output(folder: Folder) -> None:
    told = folder.put({"deals.csv": DEALS}).tell(
        f"{LASTING}kpis: {{open: {{kind: balance, source: deals, where: stage = 'Proposal', "
        "as_if_constant: true, grain: month}}",
        as_of=APRIL,
    )
    assert told.value("open", "2025-01") == 1
    assert "as if" in told.outcome.kpis[0].definition
    for form in ("table", "markdown", "html", "json"):
        assert "as if" in told.written(form), form


def test_rows_without_a_start_are_counted_as_undated(folder: Folder) -> None:
    told = folder.put({"deals.csv": DEALS}).tell(
        LASTING + "kpis: {open: {kind: balance, source: deals, grain: month}}", as_of=APRIL
    )
    assert told.source("deals").not_read == {"undated": 1}


def test_a_balance_needs_a_start(folder: Folder) -> None:
    folder.put({"deals.csv": DEALS})
    definitions = (
        "sources: {deals: {path: deals.csv}}\nkpis: {open: {kind: balance, source: deals%s}}"
    )
    problem = folder.one_refusal(definitions % "")
    assert (problem.code, problem.kpi) == ("no_start", "open")
    told = folder.tell(definitions % ", start: opened, end: closed, grain: month", as_of=APRIL)
    assert told.value("open", "2025-02") == 2


def test_keys_that_only_describe_change_no_number_and_no_fingerprint(folder: Folder) -> None:
    plain = "kpis: {a: {kind: count, source: tickets, grain: month%s}}"
    words = (
        ", title: T, description: D, group: G, owner: [A, B], if_red: R, if_green: N, decides: C, "
        "benchmark: '5', review: 2025-06-01, notes: {2025-01-05: onboarding rewritten}"
    )
    folder.put({"tickets.csv": TICKETS})
    bare, told = folder.tell(SOURCES + plain % ""), folder.tell(SOURCES + plain % words)
    card = told.outcome.kpis[0]
    assert (card.title, card.group, card.owner, card.if_red, card.if_green, card.decides) == (
        "T", "G", ("A", "B"), "R", "N", "C",
    )  # fmt: skip
    assert card.notes == {"2025-01-05": "onboarding rewritten"}
    assert card.fingerprint == bare.outcome.kpis[0].fingerprint
    assert told.outcome.results == bare.outcome.results


@pytest.mark.parametrize("own", ["{use: tickets_opened}", "\n    use: tickets_opened\n    by: []"])
def test_a_time_that_the_library_names_is_told_so(folder: Folder, own: str) -> None:
    sources = "sources: {tickets: {path: tickets.csv, time: submitted_at}}\n"
    folder.put({"tickets.csv": "submitted_at\n2025-01-02\n2025-01-31\n"})
    problem = folder.one_refusal(f"{sources}kpis:\n  tickets_opened: {own}\n")
    assert problem.code == "missing_column"
    assert "add columns: {opened_at: …} to tickets" in (problem.hint or "")


def test_a_column_that_the_library_names_is_told_so(folder: Folder) -> None:
    told = folder.put({"tickets.csv": TICKETS}).tell(f"""
        {SOURCES.strip()}
        kpis:
          first_reply_time: {{use: first_reply_time}}
          own: {{use: tickets_opened, time: opend_on}}
        """)
    hints = {one.kpi: one.hint or "" for one in told.problems if one.code == "missing_column"}
    assert "the library's first_reply_time names it" in hints["first_reply_time"]
    assert "add columns: {first_reply_at: …} to tickets" in hints["first_reply_time"]
    assert "library" not in hints["own"]


def test_a_column_is_read_alike_whatever_else_is_asked(folder: Folder) -> None:
    """Codes are told apart as they are written; another KPI adds them up."""
    folder.put({"rows.csv": "day,code\n2025-01-02,7\n2025-01-03,7.0\n2025-01-31,x\n"})
    definitions = """
        sources: {rows: {path: rows.csv, time: day, skip_bad_rows: 100%}}
        kpis:
          codes: {kind: count, source: rows, distinct: code, grain: month}
          total: {kind: sum, source: rows, of: code, grain: month, unit: number}
          sevens: {kind: count, source: rows, where: code = 7, grain: month}
        """
    whole = folder.tell(definitions)
    assert [whole.value(name, "2025-01") for name in ("codes", "total", "sevens")] == [3, 14, 2]
    for name in ("codes", "total", "sevens"):
        alone = folder.tell(definitions, names=(name,))
        assert alone.record(name, "2025-01") == whole.record(name, "2025-01")
