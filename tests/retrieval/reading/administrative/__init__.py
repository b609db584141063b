"""Tests of the form of administrative documents."""
