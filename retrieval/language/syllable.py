"""
The shapes of Vietnamese syllables without diacritics.

Built from the language's onsets and rimes, not from a word list, so that it tells "bqp" and "guard" from "phong"
without a corpus.
"""

from collections.abc import Iterator
from functools import cache

# Rimes after an onset, all marks removed (so "an" stands for an, ăn, ân). Đoàn Thiện Thuật, Ngữ âm tiếng Việt.
_BACK = """
a ac ach ai am an ang anh ao ap at au ay
o oc oi om on ong ooc oong op ot
u ua uc ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu
"""
_FRONT = """
e ec ech em en eng enh eo ep et eu
i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu
"""
_ROUNDED = """
oa oac oach oai oam oan oang oanh oao oap oat oay oe oem oen oeo oet
uan uang uat uay ue uech uenh uy uya uych uyen uyet uyn uynh uyp uyt uyu
"""
_AFTER_QU = "a ac ach ai an ang anh ao ap at au ay e ech en enh eo et i in it o oc ot y ych yen yet ynh yt"
_AFTER_GI = f"{_BACK} e em en eng eo ep et"

# Spelling rules: c, g, ng stand before back vowels, k, gh, ngh before front ones. No rounded rime follows a labial.
_BEFORE_BACK = "c g ng"
_BEFORE_FRONT = "k gh ngh"
_LABIAL = "b m ph p v"
_ELSEWHERE = "ch d h kh l n nh r s t th tr x"

# A final y after other consonants is not Vietnamese, as in "by".
_WITH_Y = "y yem yen yeng yet yeu hy ky ly my ny sy ty thy vy"
_RARE = "gi gin gip buyt phuy voan"


def is_syllable(bare: str) -> bool:
    """
    Whether a folded, lower-case string has the shape of one Vietnamese syllable.

    Example: "nguoi" -> True, "hdba" -> False, "guard" -> False
    """
    return bare in _shapes()


@cache
def _shapes() -> frozenset[str]:
    """About two thousand shapes, built on first use."""
    every = f"{_BACK} {_FRONT}"
    alone = (rime for rime in f"{every} {_ROUNDED}".split() if not rime.startswith("ie"))  # yêu, yên
    return frozenset(
        (
            *alone,
            *_products("qu", _AFTER_QU),
            *_products("gi", _AFTER_GI),
            *_products(_BEFORE_BACK, f"{_BACK} {_ROUNDED}"),
            *_products(_BEFORE_FRONT, _FRONT),
            *_products(_LABIAL, every),
            *_products(_ELSEWHERE, f"{every} {_ROUNDED}"),
            *_WITH_Y.split(),
            *_RARE.split(),
        )
    )


def _products(onsets: str, rimes: str) -> Iterator[str]:
    """Each onset with each rime."""
    return (onset + rime for onset in onsets.split() for rime in rimes.split())
