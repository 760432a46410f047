"""What browsers send about a nomination, turned into clean values."""
