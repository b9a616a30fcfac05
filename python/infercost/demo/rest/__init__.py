"""The rest of the account: what is no workload of the owner, or not written down by anyone."""
