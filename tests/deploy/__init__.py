"""The files that people deploy with do what they say."""
