"""Every artifact of the pipeline: its path, its schema, its reader and its writer."""
