"""What the office, the witness and the reviewers do to a panel."""
