"""The scoring contract, which every stage imports: numbers ← rule ← arithmetic ← ranking ← parsing ← record ← recount,
with strict_json (the text that is hashed) and program (exit codes); joined into one file by checker (the public checking
program). words and story put rule and result into sentences; stability computes how far a place could move.

Standard library only, and nothing of the portal outside this folder (docs/scoring.md).
"""
