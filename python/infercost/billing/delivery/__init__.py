"""Which files make up an export: what a user names, what AWS delivered, and what lies there twice."""
