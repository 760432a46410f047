"""What the office types about a year."""
