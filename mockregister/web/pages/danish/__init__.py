"""The Danish texts of the pages, a file for each group of pages."""
