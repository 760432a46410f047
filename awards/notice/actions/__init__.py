"""The notice and its objections: what is published, who objects, how the office answers."""
