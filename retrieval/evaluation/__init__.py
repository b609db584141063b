"""How good retrieval is, in the measures of the field."""
