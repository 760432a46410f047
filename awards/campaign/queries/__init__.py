"""What other rooms ask about a year: its rule in force, its calendar, its dates, its places."""
