"""Rules of the panel: who has a tie, who is drawn, who reads what, and whether the panel can judge."""
