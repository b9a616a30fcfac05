"""A whole export, all its months: added up in one pass, which puts the rows aside that may matter."""
