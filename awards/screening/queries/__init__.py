"""What the checklist, its proposals and the queue ask."""
