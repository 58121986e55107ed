"""Read and write clinical documents (CDA) as the logical model. XPath is used in this folder only."""
