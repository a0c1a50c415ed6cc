"""linkage: from incidents and crimes to links: which incident each recorded crime came from."""

from opencdi.linkage.accuracy import TRUTH, Accuracy, Reliability, accuracy, calibration_error, reliability
from opencdi.linkage.levels import LEVELS, level_words
from opencdi.linkage.linking import Cut, Linked
from opencdi.linkage.slices import link, link_with_cuts
from opencdi.linkage.waterfall import Bar, waterfall, waterfall_chart
from opencdi.linkage.weights import Weights, load_weights

__all__ = [
    "LEVELS",
    "TRUTH",
    "Accuracy",
    "Bar",
    "Cut",
    "Linked",
    "Reliability",
    "Weights",
    "accuracy",
    "calibration_error",
    "level_words",
    "link",
    "link_with_cuts",
    "load_weights",
    "reliability",
    "waterfall",
    "waterfall_chart",
]
