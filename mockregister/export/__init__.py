"""Write what a register holds as the tables that analysts work with: LPR3's own, and those of the older register LPR2."""
