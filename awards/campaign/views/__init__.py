"""Pages of a year: its public call, and how the office sets it up."""
