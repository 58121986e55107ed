"""What the page says in Danish, a file for each part of it."""
