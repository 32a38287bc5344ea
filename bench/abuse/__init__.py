"""Attacks on a server beside somebody who plays: `python -m bench.abuse`."""
