"""The slow reference: every pattern as a plain event list, written from docs/semantics.md and nothing of infercost."""
