"""Write what is stored as the tables that analysts work with: LPR3's own, and the older LPR2 tables."""
