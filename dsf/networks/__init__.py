"""Networks: encoders from transformers, where they come from, and the heads on them."""

from dsf.networks.heads import POOLINGS, MultiLabelClassifier, TextClassifier, TokenClassifier
from dsf.networks.layers import count_layers, freeze_layers, group_by_layer
from dsf.networks.layout import TokenLayout
from dsf.networks.loading import load_encoder, load_tokenizer, read_family
from dsf.networks.new_encoder import new_encoder
from dsf.networks.recipes import RECIPES, Recipe, find_recipe
from dsf.networks.reduced_embedding import (
    ReducedEmbedding,
    reduce_embedding,
    restore_embedding,
)
from dsf.networks.saving import load_network_weights, save_network
from dsf.networks.source import EncoderSource, find_source
from dsf.networks.text_encoder import TextEncoder
from dsf.networks.unpadded import why_padded

__all__ = [
    "POOLINGS",
    "RECIPES",
    "EncoderSource",
    "MultiLabelClassifier",
    "Recipe",
    "ReducedEmbedding",
    "TextClassifier",
    "TextEncoder",
    "TokenClassifier",
    "TokenLayout",
    "count_layers",
    "find_recipe",
    "find_source",
    "freeze_layers",
    "group_by_layer",
    "load_encoder",
    "load_network_weights",
    "load_tokenizer",
    "new_encoder",
    "read_family",
    "reduce_embedding",
    "restore_embedding",
    "save_network",
    "why_padded",
]
