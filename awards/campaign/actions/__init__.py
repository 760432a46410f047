"""What the office decides about a year."""
