"""The commands of `dsf-cli`; `dsf.cli.main.COMMANDS` is their table."""
