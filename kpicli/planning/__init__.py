"""From a book and a request to a plan."""
