"""What the office decides of a submitted file, and what the clock decides of a returned one."""
