"""
Index documents and answer questions with quotes; the command line and the REPL.

`Retriever` answers questions; `retrieval.index` holds what it reads. Code outside this package imports
from here and from the sub-packages that export names (`answering`, `index`, `language`, `reading`, `terminal`), never
from a module inside them.
"""

import os

import lazy_loader

# NumPy's matrix products are small here, and its idle threads spin: beside other work a question's tokens take 20 ms
# with one thread and 40 to 64 with two, on a calm machine the same. NumPy reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The names of `__init__.pyi`, each imported when first used: `trichdan --help` waits for neither FAISS nor Tantivy.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
