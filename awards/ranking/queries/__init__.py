"""What a freeze counts (gathering), when it may be made (readiness), what the page shows (pages)."""
