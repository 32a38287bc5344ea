"""The server's own words of `skirmish`; each module has HELP, add_arguments and run."""
