"""The rules of the house as functions over source text, and the table of who may know whom."""
