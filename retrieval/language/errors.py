"""
The error of the language data, which only an operator who edits the lists meets.

RetrievalError
└── LanguageDataError       a word list under retrieval/language/data that cannot be used
"""

from retrieval.errors import RetrievalError


class LanguageDataError(RetrievalError):
    """
    A data file of the language package cannot be used.

    It is missing, is not what its reader expects, or contradicts itself.
    """
