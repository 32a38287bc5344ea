"""The maps that come with Skirmish, as files: see README.md in this folder."""
