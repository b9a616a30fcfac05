"""A file of an export, read strictly: its header, its cells, and where one stands that cannot be read."""
