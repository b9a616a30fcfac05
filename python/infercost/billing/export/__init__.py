"""A whole export, all its months: surveyed in one pass, and its charges read once it is known which rows they are."""
