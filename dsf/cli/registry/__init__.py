"""What `dsf-cli registry` shows: tables of versions, and all of one of them."""
