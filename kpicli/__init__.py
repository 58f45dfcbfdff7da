"""KPI reports and gates over flat files, from one YAML file of definitions."""

__version__ = "0.1.0"
