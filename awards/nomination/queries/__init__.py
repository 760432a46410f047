"""What screens ask of a nomination: how complete it is, what is frozen of it, lists for each reader."""
