"""Sound: recipes, the samples made from them, and the direction and volume of events."""
