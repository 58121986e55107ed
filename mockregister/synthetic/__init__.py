"""Synthetic patients, and documents that break each business rule and each integrity code. None of the people exist."""
