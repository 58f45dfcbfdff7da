"""How files become typed lazy frames."""
