"""The parts on PyTorch Lightning."""
