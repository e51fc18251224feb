"""`python -m dsf.cli` is `dsf-cli`."""

from __future__ import annotations

import sys

from dsf.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
