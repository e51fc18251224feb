"""What `dsf-cli history` shows, laid out for the terminal."""
