"""The pages of a release, from templates: they open from a file, without scripts and without any request."""
