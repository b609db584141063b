"""What every engine must satisfy: the sentences of `retrieval.index.contract`."""
