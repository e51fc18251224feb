"""A complete project on scikit-learn: no torch anywhere."""
