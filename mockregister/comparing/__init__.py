"""Compare what two registers, or two editions, answer to the same documents."""
