"""Reading journals: for `skirmish replay` and `skirmish debug`, for downloads, and for viewers.

Owns: everything done with a journal after it was written. Must not know: how a match runs.
"""
