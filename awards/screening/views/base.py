"""Who reads what screening and panels show of a year."""
