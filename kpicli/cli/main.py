"""The command `kpi`."""


def run() -> None:
    """Start the program."""
