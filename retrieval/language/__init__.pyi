from .sentence import split_sentences as split_sentences
from .spelling import fold as fold
