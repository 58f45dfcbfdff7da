"""Everything a run has opened, and how a need is answered from it."""
