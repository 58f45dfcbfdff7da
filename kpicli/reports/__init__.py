"""From results to blocks."""
