"""Clinical documents and the logical model: reading CDA, writing CDA. XPath stays in this folder."""
