"""Claims of speed and size: each file is a command that prints a ratio, measured side by side."""
