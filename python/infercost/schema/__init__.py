"""The shapes that cross walls. Imports nothing of ours; every other room imports it."""
