"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is slow now and then: how long an example takes says nothing about our code.
settings.register_profile("dsf", deadline=None)
settings.load_profile("dsf")
