"""The only room that computes."""
