"""What the pages and actions of the panels ask."""
