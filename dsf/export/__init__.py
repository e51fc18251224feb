"""A torch network becomes a file that gives the same answers."""

from dsf.export.program import write_program

__all__ = ["write_program"]
