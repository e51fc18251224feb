"""One fit of test_mid_epoch.py with two processes: Lightning starts this file once more."""

import sys
from pathlib import Path

from test_mid_epoch import StopAt, fit

if __name__ == "__main__":
    folder, resume, *place = sys.argv[1:]
    callbacks = [StopAt(*map(int, place))] if place else []
    options = {"strategy": "ddp", "devices": 2, "accumulate_grad_batches": 2}
    fit(
        Path(folder),
        resume=resume == "resume",
        callbacks=callbacks,
        config={"max_tokens": 9},
        **options,
    )
