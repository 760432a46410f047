"""Rules of the year: what a working day is, and whether a set-up can be opened at all."""
