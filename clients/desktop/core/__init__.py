"""What is shown, heard and asked for: values in, values out. Must not know pygame, Trio, files."""
