"""linkage: from incidents and crimes to links: which incident each recorded crime came from."""

from opencdi.linkage.accuracy import TRUTH, Accuracy, Reliability, accuracy, calibration_error, reliability
from opencdi.linkage.habits import EARLY_INCIDENTS, Habits, learn_habits
from opencdi.linkage.levels import LEVELS, level_words
from opencdi.linkage.linking import Cut, Linked, link_at_once
from opencdi.linkage.references import MOST_SAMPLED, NumberFormats, formats_of, minutes_sampled, sampled
from opencdi.linkage.slices import link, link_with_cuts, reach, without_log
from opencdi.linkage.waterfall import Bar, waterfall, waterfall_chart
from opencdi.linkage.weights import Weights, load_weights

__all__ = [
    "EARLY_INCIDENTS",
    "LEVELS",
    "MOST_SAMPLED",
    "TRUTH",
    "Accuracy",
    "Bar",
    "Cut",
    "Habits",
    "Linked",
    "NumberFormats",
    "Reliability",
    "Weights",
    "accuracy",
    "calibration_error",
    "formats_of",
    "learn_habits",
    "level_words",
    "link",
    "link_at_once",
    "link_with_cuts",
    "load_weights",
    "minutes_sampled",
    "reach",
    "reliability",
    "sampled",
    "waterfall",
    "waterfall_chart",
    "without_log",
]
