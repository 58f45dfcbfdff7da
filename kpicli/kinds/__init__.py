"""The shelf of KPI kinds, one file each."""
