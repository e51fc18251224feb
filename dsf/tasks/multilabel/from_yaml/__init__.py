"""A whole multi-label run from one YAML file, every function of it replaceable by reference."""
