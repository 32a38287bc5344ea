"""What the pages say is true: commands run, code runs, files parse, and names exist."""
