"""Pages of the log: its list and rows, what is done to rows, imports, totals, tasks of action branches."""
