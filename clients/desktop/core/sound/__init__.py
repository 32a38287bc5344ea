"""What is heard: recipes, the samples made from them, and which event sounds from where."""
