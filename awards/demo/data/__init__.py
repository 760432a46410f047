"""The words of the demo season. Units bear the public names of a district's departments, people have none."""
