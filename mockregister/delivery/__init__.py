"""The delivery of the accumulated error list: files per authority, and the read-only sFTP server for them."""
