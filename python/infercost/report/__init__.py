"""Prints what the other rooms found. Reads the schema only, and computes nothing."""
