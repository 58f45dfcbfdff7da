"""Draws that the standard library lacks."""

from itertools import count
from math import exp
from random import Random


def poisson(rng: Random, mean: float) -> int:
    """A Poisson draw, by Knuth's product of uniforms."""
    limit, product = exp(-mean), rng.random()
    for drawn in count():
        if product <= limit:
            return drawn
        product *= rng.random()
    return 0


def count_of(rng: Random, trials: int, chance: float) -> int:
    """How many of the trials, roughly binomial."""
    spread = (trials * chance * (1 - chance)) ** 0.5
    return max(0, round(rng.normalvariate(trials * chance, spread)))
