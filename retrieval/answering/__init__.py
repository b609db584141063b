"""Answering: verified quotes, citations and page images."""

import lazy_loader

# The names of `__init__.pyi`, each imported when first used: `trichdan --help` waits for none of them.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
