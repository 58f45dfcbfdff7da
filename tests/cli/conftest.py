"""A shop to run commands in."""

from pathlib import Path

import pytest
from workdir import DEFINITIONS, ORDERS, TEAMS, Workdir


@pytest.fixture
def shop(tmp_path: Path) -> Workdir:
    """A small shop: two sources, three KPIs, one of them red."""
    folder = Workdir(tmp_path)
    folder.write("kpi_definitions.yaml", DEFINITIONS)
    folder.write("orders.csv", ORDERS)
    folder.write("teams.csv", TEAMS)
    return folder
