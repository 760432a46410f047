"""Pages of the result: the year's list and its papers (office), the check of a certificate (public)."""
