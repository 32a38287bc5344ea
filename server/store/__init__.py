"""Results of matches: the contract of a store, and two implementations."""
