"""Texts become flat integer arrays: encoded once, kept on disk, read by memory map."""

from dsf.data.encoding.encoded_texts import EncodedTexts
from dsf.data.encoding.encoded_words import IGNORED, EncodedWords
from dsf.data.encoding.texts import encode_texts
from dsf.data.encoding.words import encode_words

__all__ = ["IGNORED", "EncodedTexts", "EncodedWords", "encode_texts", "encode_words"]
