"""Arrays of numbers in base64, as mzML and mzXML write them."""

from __future__ import annotations

import binascii
import zlib
from typing import Literal

import numpy as np

from alloyscope.spectra.mass_spectrum import FloatArray

# 20 million points of 64 bits; more is a damaged stream that unpacks for ever.
LARGEST_ARRAY = 320_000_000
Compression = Literal["none", "zlib"]


class DamagedArrayError(ValueError):
    """An array that cannot be decoded; caught where its scan is dropped."""


def decode(payload: bytes, dtype: str, compression: Compression) -> FloatArray:
    """Numbers (n,) as float64.

    payload     : base64, line breaks allowed
    dtype       : numpy's, byte order included: "<f8", ">f4"
    compression : of the bytes under the base64
    Raises DamagedArrayError, which names the layer that is broken.
    """
    payload = payload.translate(None, b" \t\r\n")
    if not payload:
        return np.empty(0)
    try:
        raw = binascii.a2b_base64(payload, strict_mode=True)
    except binascii.Error as error:
        raise DamagedArrayError("its base64 text is damaged") from error
    if compression == "zlib":
        raw = _inflated(raw)
    if len(raw) % np.dtype(dtype).itemsize:
        raise DamagedArrayError(f"{len(raw)} bytes are not a whole number of values")
    # Values outside float64's range become inf and are dropped, with a note, when cleaned.
    with np.errstate(all="ignore"):
        return np.frombuffer(raw, dtype).astype(np.float64)


def _inflated(raw: bytes) -> bytes:
    inflate = zlib.decompressobj()
    try:
        data = inflate.decompress(raw, LARGEST_ARRAY)
    except zlib.error as error:
        raise DamagedArrayError("its zlib stream is damaged") from error
    if not inflate.eof:
        raise DamagedArrayError("its zlib stream has no end")
    return data
