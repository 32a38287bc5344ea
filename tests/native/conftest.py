"""These tests compare compiled code with Python: where none is built there is nothing to compare.
`make versions`, the last step of `make test`, builds it and runs them.
"""

from game.native import native

collect_ignore_glob = [] if native is not None else ["test_*.py"]
