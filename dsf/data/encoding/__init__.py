"""Texts become flat integer arrays: encoded once, kept on disk, read by memory map."""

from dsf.data.encoding.encoded_texts import EncodedTexts
from dsf.data.encoding.texts import encode_texts

__all__ = ["EncodedTexts", "encode_texts"]
