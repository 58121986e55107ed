"""What the real register does not have: registers as namespaces, a journal, faults on demand, checkpoints, exam sittings."""
