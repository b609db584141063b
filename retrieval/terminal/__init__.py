"""What the person who keeps the documents sees: the command line and the REPL."""

import lazy_loader

# The names of `__init__.pyi`, each imported when first used: `trichdan --help` waits for none of them.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
