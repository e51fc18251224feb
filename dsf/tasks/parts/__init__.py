"""What tasks are made of: rows, the encoder, and one file for each kind of answers."""
