"""The stages, one module each: explicit inputs, whole outputs, no effect when run twice."""
