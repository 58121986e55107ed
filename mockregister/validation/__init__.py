"""Validate documents on four levels; the pipeline runs the levels in order."""
