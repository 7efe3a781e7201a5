"""Documents in: a factsheet or a reporting form becomes draft records, and by review local data."""
