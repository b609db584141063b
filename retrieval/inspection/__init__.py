"""What the reader makes of one file, as words and as a page."""

import lazy_loader

# The names of `__init__.pyi`, each imported when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
