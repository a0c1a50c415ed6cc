"""linkage: from incidents and crimes to links: which incident each recorded crime came from."""

from opencdi.linkage.linking import Cut, Linked, link, link_in_full
from opencdi.linkage.weights import Weights, load_weights

__all__ = ["Cut", "Linked", "Weights", "link", "link_in_full", "load_weights"]
