"""The same documents judged in two ways, and what would be answered otherwise."""
