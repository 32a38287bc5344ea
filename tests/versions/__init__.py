"""A journal leads to the same worlds under every Python: shown with the journals of a test run."""
