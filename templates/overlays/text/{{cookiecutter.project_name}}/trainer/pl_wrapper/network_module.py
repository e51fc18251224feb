"""The network itself. Replace it by yours."""

from torch import nn

from dsf.tasks import {{ cookiecutter.task }}


def build_network(model_config: dict) -> nn.Module:
    """Make the encoder with its head: tokens (tokens,) and lengths (rows,) to scores."""
    return {{ cookiecutter.task }}.build_network(model_config)
