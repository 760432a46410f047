"""What the pages and actions of the review ask, and what later stages ask of it."""
