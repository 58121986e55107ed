"""What is stored, and how it changes: sets of documents, the entries they state, and the store below them."""
