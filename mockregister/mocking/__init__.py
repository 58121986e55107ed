"""What only a mock has: registers as namespaces, a journal, faults on demand, checkpoints."""
