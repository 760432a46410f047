"""What administrators and the office do with accounts, posts and the tree of units."""
