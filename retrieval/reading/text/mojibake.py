"""
Repair UTF-8 that was read as Windows-1252 and saved so: "Äiá»u" for "Điều".

ftfy does it line by line; the result has to be Vietnamese in whole. Letters that were lost on the way cannot be told
from one another ("vá»�": về, vọ, vỏ), and then the file is refused.
"""

from __future__ import annotations

import re

from retrieval.errors import EncodingError
from retrieval.reading.text.syllables import MIN_MARKED_WORDS, MIN_SYLLABLE_SHARE, syllable_share

# First bytes of Vietnamese letters in UTF-8 (C3, C4, C6, E1 BA, E1 BB) and what can follow, as Windows-1252 shows them.
_MARK = re.compile("[ÃÄÆ][\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™\ufffd]|á[º»]")
_FEWEST = 3
_LOST = "\ufffd"


def repair_mojibake(text: str, source: str) -> str:
    """The text, repaired if garbled; EncodingError if the repair is not certain."""
    if len(_MARK.findall(text)) < _FEWEST:
        return text
    import ftfy

    repaired = "\n".join(map(ftfy.fix_encoding, text.split("\n")))
    share, count = syllable_share(repaired)
    is_better = share >= MIN_SYLLABLE_SHARE and share > syllable_share(text)[0]
    if is_better and count >= MIN_MARKED_WORDS and _LOST not in repaired and not _MARK.search(repaired):
        return repaired
    if share > syllable_share(text)[0]:
        raise EncodingError(
            f"a document's letters can be told, {source} is UTF-8 that was saved as Windows-1252 and lost some: "
            "index the file from before, or save it again with the encoding UTF-8"
        )
    return text
