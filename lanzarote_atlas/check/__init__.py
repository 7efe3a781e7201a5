"""Checks on the data before anything is built: every fault of a run, with its place and remedy."""
