"""
Index documents and answer questions with quotes; the command line and the REPL.

`Retriever` answers questions; `retrieval.index` holds what it reads. Code outside this package imports
from here and from the sub-packages that export names (`answering`, `index`, `language`, `reading`, `terminal`), never
from a module inside them.
"""

import lazy_loader

from embeddings.blas_threads import use_one_blas_thread

use_one_blas_thread()

# The names of `__init__.pyi`, each imported when first used: `trichdan --help` waits for neither FAISS nor Tantivy.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
