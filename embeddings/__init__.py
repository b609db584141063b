"""
Text encoders: texts to unit vectors.

Code outside this package imports from here. torch and sentence-transformers, or OpenVINO, are imported by
`load_encoder`.
"""

import lazy_loader

from embeddings.blas_threads import use_one_blas_thread

use_one_blas_thread()

# The names of `__init__.pyi`, each imported when first used: `trichdan --help` does not even import NumPy.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
