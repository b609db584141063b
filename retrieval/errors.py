"""
Every error of this package, in one tree.

RetrievalError
├── DocumentError           a file that cannot become a Document
│   ├── SuffixError         its kind of file is not known
│   ├── UnreadableError     it is missing, is not a file, or may not be read
│   ├── SizeError           it is larger than the limit
│   ├── EncodingError       it is binary, or in an encoding that is not certain
│   ├── EmptyError          it holds nothing but white space
│   ├── BrokenError         it is damaged, or not what its suffix says
│   ├── LockedError         it asks for a password
│   ├── ScannedError        its pages are images of text
│   ├── ExhaustedError      reading it took more time or memory than is allowed
│   ├── SidecarError        its NAME.meta.toml holds something we cannot use
│   └── SecretError         it bears a mark of secrecy, and nobody opened its collection for such documents
├── IndexFault              an index that cannot be used as it is
│   ├── MissingIndex        there is none at this address
│   ├── UnknownEngine       its address names an engine that this version does not have
│   ├── DamagedIndex        what it stores is not what was written
│   ├── IndexMismatch       another version of the program, or another model, built it
│   ├── OtherRoot           it was built from another folder, which nobody said it may change
│   ├── EmptyCorpus         there is no readable document to index
│   ├── BuildInProgress     another process is building in the same place
│   ├── BuildFailed         the system refused a write that a build needs
│   ├── SmokeFailed         a new generation does not answer the operator's questions
│   ├── WorseModel          a new model answers more of the marked questions worse than better
│   ├── NoEarlierGeneration there is no generation to go back to
│   └── StaleQuote          a source file has changed since it was indexed and cannot be quoted
├── UnreachableIndex        the engine of the index does not answer now; nothing is known of what it holds
├── LanguageDataError       a shipped word list cannot be used; defined in `language/errors.py`
├── PagelessError           a page image was requested of a document that has no pages to show
├── UnknownPassage          the live generation has no passage or document of this id
├── UnknownCollection       the live generation has no collection of this name
├── QuestionError           a question that cannot be searched
├── QuestionSetError        a file of questions to evaluate with that cannot be read
└── ReportError             a saved evaluation report that cannot be read
"""


class RetrievalError(Exception):
    """Base of all errors; each message says the rule, the value found and the remedy."""


class DocumentError(RetrievalError):
    """A file that cannot become a Document."""


class SuffixError(DocumentError):
    """The file's suffix has no reader."""


class UnreadableError(DocumentError):
    """The file is missing, is not a regular file, or may not be read."""


class SizeError(DocumentError):
    """The file is larger than the limit."""


class EncodingError(DocumentError):
    """The file is binary, or its encoding is not certain."""


class EmptyError(DocumentError):
    """The file holds nothing but white space."""


class BrokenError(DocumentError):
    """The file is damaged, or is not what its suffix says."""


class LockedError(DocumentError):
    """The file cannot be read without a password."""


class ScannedError(DocumentError):
    """The pages are images without text."""


class ExhaustedError(DocumentError):
    """Reading the file took more time or memory than is allowed."""


class SidecarError(DocumentError):
    """The metadata file beside a document holds something we cannot use."""


class SecretError(DocumentError):
    """The document bears a mark of secrecy, for which its collection is not open."""


class IndexFault(RetrievalError):
    """An index that cannot be used as it is."""


class OtherRoot(IndexFault):
    """The index was built from another folder, and nothing allows a change."""


class MissingIndex(IndexFault):
    """There is no index at the address."""


class UnknownEngine(IndexFault):
    """The address names an index engine that this version does not have."""


class UnreachableIndex(RetrievalError):
    """
    The engine of the index does not answer now; the same call may succeed later.

    No IndexFault, since nothing is known of the index: whoever goes on without one must not go on now.
    """


class DamagedIndex(IndexFault):
    """What an index stores is not what was written."""


class IndexMismatch(IndexFault):
    """The index was built by another version of the program, or with another model."""


class EmptyCorpus(IndexFault):
    """There is no readable document to index."""


class BuildInProgress(IndexFault):
    """Another process is building in the same place."""


class BuildFailed(IndexFault):
    """
    The system refused a write that a build needs.

    The disk is full or broken, or a permission is missing.
    """


class SmokeFailed(IndexFault):
    """A generation does not answer the questions that the operator wants answered."""


class WorseModel(IndexFault):
    """A generation of another model answers more of the marked questions worse than better."""


class NoEarlierGeneration(IndexFault):
    """There is no generation before the live one to go back to."""


class StaleQuote(IndexFault):
    """The source no longer holds the text that would be quoted."""


class PagelessError(RetrievalError):
    """The document's format has no pages, or its file can no longer be read."""


class UnknownPassage(RetrievalError):
    """The live generation has no passage or document of this id."""


class UnknownCollection(RetrievalError):
    """The live generation has no collection of this name."""


class QuestionError(RetrievalError):
    """The question is empty, or too long to be one."""


class QuestionSetError(RetrievalError):
    """A file of questions to evaluate with cannot be read."""


class ReportError(RetrievalError):
    """A saved evaluation report cannot be read."""
