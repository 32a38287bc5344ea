"""The server's subcommands of `skirmish`; each module has HELP, add_arguments and run."""
