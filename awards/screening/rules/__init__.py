"""Rules of screening: the checklist and its verdict, texts that are alike, names that must not be seen."""
