"""What a multi-label YAML names by default; ``tmlc.components`` is another name of this folder."""
