"""Measures Skirmish beside its peers, in one run, with one load: `python -m bench`."""
