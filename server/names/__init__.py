"""Names of people and bots: what a name may be, which look alike, and which are reserved."""
