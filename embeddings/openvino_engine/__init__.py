"""The bundled model compiled by OpenVINO."""
