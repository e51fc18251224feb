"""The network itself. Replace it by yours."""

from torch import nn


def build_network(model_config: dict) -> nn.Module:
    """Make a small convolutional network: images (batch, 1, 8, 8) to scores (batch, labels)."""
    channels, dropout = model_config["channels"], model_config["dropout"]
    return nn.Sequential(
        nn.Conv2d(1, channels, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.Conv2d(channels, 2 * channels, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(dropout),
        nn.Linear(2 * channels * 4 * 4, model_config["num_classes"]),
    )
