"""The pages are true: commands run, code runs, files parse, and names exist."""
