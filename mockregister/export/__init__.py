"""What is stored, as the tables that analysts work with: LPR3's own, and the LPR2 tables that reports were written for."""
