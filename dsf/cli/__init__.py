"""The command `dsf-cli`: one command per file, imported when it is called."""
