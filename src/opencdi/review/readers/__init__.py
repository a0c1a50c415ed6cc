"""Who reads which cases of an audit: how much each has to do, and giving cases to somebody else."""
