"""
The errors of the language data, apart from those of documents and indexes because only an operator who edits
the lists meets them.

RetrievalError
└── LanguageDataError       a list of words under retrieval/language/data that cannot be used
"""

from retrieval.errors import RetrievalError


class LanguageDataError(RetrievalError):
    """A data file of the language package is missing, is not what its reader expects, or contradicts itself."""
