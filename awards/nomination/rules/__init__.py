"""Rules of a nomination: how texts are counted, what is still missing, whose place it takes."""
