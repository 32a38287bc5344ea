"""Measures Skirmish against its peers, in one run and under one load: `python -m bench`."""
