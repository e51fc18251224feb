"""Everything of this project that is learned: start reading in trainer_main.py."""
