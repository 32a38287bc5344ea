"""Attacks on a server while a bystander plays: `python -m bench.abuse`."""
