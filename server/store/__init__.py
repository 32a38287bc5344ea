"""Results of matches: what a store promises, and two that keep it."""
