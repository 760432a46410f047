"""The first season's steps, and what the public reads first."""
