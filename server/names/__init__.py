"""Names of people and bots: what may be one, which look alike, which belong to the house."""
