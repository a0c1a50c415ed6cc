"""The registrar's desk: advice, nightly leads, training needs."""
