"""simulation: a made-up force whose truth is known."""
