"""What TRUTHS.md says, as cells."""

import re
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "sample_data"
# Definitions begin with who does what; sources of their own may follow.
SOURCES = f"""version: 1
timezone: Europe/Berlin
sources:
  events:
    path: {SAMPLE.as_posix()}/events/*.parquet
    time: timestamp
    columns: {{event_name: event, user_id: distinct_id}}
    zone: UTC
    unique: event_id
    refers_to: {{users: user_id, accounts: account_id}}
  users: {{path: {SAMPLE.as_posix()}/users.csv, key: user_id, start: created_at, end: deleted_at}}
  accounts:
    path: {SAMPLE.as_posix()}/accounts.csv
    key: account_id
    start: signed_up
    end: closed_at
"""
# Who is none of the customers, and what customers are.
OUTSIDERS = """exclude:
  - {source: accounts, where: email_domain = 'acme.com', reason: employees}
  - {source: users, where: is_test, reason: test users}
segments:
  plan: accounts.plan
"""


def truths_table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading of TRUTHS.md."""
    text = (SAMPLE / "TRUTHS.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = re.findall(r"^\|(.+)\|$", section, re.MULTILINE)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)] for line in lines[2:]]
