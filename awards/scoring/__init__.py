"""The scoring contract, the ground every stage stands on: numbers → rule → arithmetic → ranking → parsing →
record → recount, all of it joined into the public checker; words, story and stability tell of them.

Standard library only, and nothing of the portal outside this folder (docs/scoring.md).
"""
