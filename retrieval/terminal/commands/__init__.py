"""The sub-commands of `trichdan`, one module each."""
