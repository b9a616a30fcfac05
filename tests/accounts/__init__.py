"""The demo account in other clothes, for tests that ask for the same answer from another export."""
