"""From YAML to a validated book of definitions, or all its problems."""
