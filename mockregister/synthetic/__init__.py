"""Synthetic patients, and documents that break each rule and code. None of the people exist."""
