"""What is stored, and how it changes: sets of documents, the entries that they state, and the stores that keep them."""
