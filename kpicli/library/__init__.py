"""Ready KPI definitions in the users' own YAML."""
