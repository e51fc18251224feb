"""What a network computes, written down without its weights and without its Python code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.func import functional_call

from dsf.core.atomic import storage_errors
from dsf.core.errors import NotExportableError, Problem

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["write_program"]


def write_program(network: nn.Module, rows: torch.Tensor, path: Path) -> None:
    """Write a network as a program of torch's ``.pt2`` format that takes its weights each time.

    So the file is small, holds no pickled object, and the weights lie beside it as plain numbers.
    Called with ``(weights, rows)``, the program gives what the network gives in eval mode, for any
    number of rows. The weights are a dict in the order of their names.

    Args:
        network: In eval mode, on the CPU. Weights are what its ``state_dict`` holds.
        rows: Two rows as it takes them; their values do not matter. Shape: ``(2, …)``.
        path: The file.

    Raises:
        NotExportableError: If torch cannot follow what the network does, because it depends on the
            values or on the number of the rows.
        StorageError: If the disk does not let us write.

    Source: https://docs.pytorch.org/docs/stable/export.html
    """
    weights = dict(sorted(network.state_dict().items()))
    free = (dict.fromkeys(weights), {0: torch.export.Dim("rows", min=1)})
    try:
        program = torch.export.export(_Functional(network), (weights, rows), dynamic_shapes=free)
    except Exception as error:  # whatever the network's own code and torch may raise
        said = str(error).strip().splitlines() or [type(error).__name__]
        message = (
            "must compute the same way whatever the values and the number of the rows are, for it "
            "to be written down: an `if` on values becomes torch.where. torch.export says: "
            f"{said[0]}"
        )
        problem = Problem(type(network).__name__, message)
        raise NotExportableError("The network cannot be exported.", [problem]) from error
    program.example_inputs = None  # they would be pickled, and nobody needs them
    _forget_sources(program)
    with storage_errors(path):
        torch.export.save(program, path)


def _forget_sources(program: torch.export.ExportedProgram) -> None:
    """Take out where each operation stands in the code: lines of it, and places on this machine."""
    for module in program.graph_module.modules():
        for node in module.graph.nodes if isinstance(module, torch.fx.GraphModule) else ():
            for name in ("stack_trace", "nn_module_stack", "source_fn_stack", "torch_fn"):
                node.meta.pop(name, None)


class _Functional(nn.Module):
    """Calls a network with weights that it is given."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self._network = (network,)  # in a tuple it is no part of this module, nor are its weights

    def forward(self, weights: dict[str, torch.Tensor], rows: torch.Tensor) -> Any:
        return functional_call(self._network[0], weights, (rows,), tie_weights=False)
