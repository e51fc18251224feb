"""What `dsf-cli new-project` writes; installed as `dsf.templates`."""
