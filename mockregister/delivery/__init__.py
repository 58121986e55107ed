"""The accumulated error list on its way out: files per authority, and the sFTP server that shows them. Reads only."""
