"""Decides on pictures, sounds and requests: values in, values out. Knows no pygame, Trio, files."""
