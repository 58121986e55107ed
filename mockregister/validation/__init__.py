"""Documents in, findings out: four levels, each a room of its own, and the pipeline that walks through them."""
