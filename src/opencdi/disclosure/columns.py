"""Incidents in, disclosed offences out, all in columns: what ``Discloser.rows`` says, for many at once.

The words are found by ``BatchReader``; here they meet the records of their incidents. What hangs on a few
tags and codes (class, victim, flags, answers) is worked out once for each set of them by the functions that
``Discloser`` asks, and the rest is arithmetic on columns. The tests hold the two equal.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opencdi import schema
from opencdi.disclosure import circumstances, classes
from opencdi.disclosure.batch import SEXES, BatchReader, Heard
from opencdi.disclosure.book import Outline
from opencdi.disclosure.circumstances import Answers
from opencdi.disclosure.classes import (
    CLASS_TAGS,
    OWNER_TAGS,
    Facts,
    class_of,
    victim_kind_of,
    whole_log_tells,
)
from opencdi.disclosure.disclosing import BOTH_SAY_SO, CLOSED_AS_CRIME, OPENED_AS_CRIME
from opencdi.disclosure.each_once import each_once, spread
from opencdi.disclosure.kernel_events import ASSERTED
from opencdi.disclosure.kernel_offences import (
    FIRST_PIECE,
    FURTHER,
    LOG,
    OFFENCE,
    RELATED,
    SAID,
    SEX,
    TRIED,
    VICTIMS,
)
from opencdi.disclosure.offences import SAID_FIRST
from opencdi.disclosure.parties import RELATIONSHIPS
from opencdi.disclosure.records import CARRIED, Records, ages_in, folded_column, records_of
from opencdi.disclosure.tables import Limbs
from opencdi.disclosure.tags import TagBook
from opencdi.engine import arrow_schema
from opencdi.schema import CALLER_ROLES, CRIME_GROUPS, INCIDENT_GROUPS

Ints = NDArray[np.int64]
Columns = dict[str, pa.Array]

REMEMBERED = 100_000
"""Answers that hang on a few tags and codes, kept as such."""

_AGES = np.unique(
    [
        *(classes.YOUNG_CHILD_BELOW, classes.CHILD_BELOW),
        *(circumstances.GROWN_FROM, circumstances.CHILD_BELOW),
    ]
)
"""Where in years a class or a flag changes."""

_OF_BAND = (None, 0, *_AGES.tolist())
"""One age for all of a band: none known, below the first of the above, ..."""

_ANSWERS = ("victim_traced", "evidence_to_contrary", "other_force_records", "school_deals")


class _Asked(TagBook):
    """Some tags out of all, so that few sets of them occur."""

    def __init__(self, every: TagBook, names: tuple[str, ...]) -> None:
        super().__init__(set(names))
        self._places = [every.bit[name].bit_length() - 1 for name in self.bit]

    def held(self, masks: Limbs) -> Ints:
        """Those of them that are in each of many sets of all tags."""
        held = np.zeros(len(masks), np.int64)
        for place, tag in enumerate(self._places):
            limb, bit = divmod(tag, 64)
            held |= (masks[:, limb] >> np.uint64(bit) & np.uint64(1)).astype(np.int64) << place
        return held


class BatchDiscloser:
    """Says which offences incidents disclose. Build it once a process; see ``the_batch_discloser``."""

    def __init__(self, outline: Outline, reader: BatchReader) -> None:
        self._reader = reader
        self._kinds = [outline.kinds[name] for name in reader.kinds]
        every = TagBook(outline.tags)
        self._of_class, self._of_owner, self._of_act, self._of_log, self._of_answers, self._suspect = (
            _Asked(every, names)
            for names in (
                CLASS_TAGS,
                OWNER_TAGS,
                circumstances.ACT_TAGS,
                circumstances.LOG_TAGS,
                circumstances.ANSWER_TAGS,
                ("suspect",),
            )
        )
        self._of_state = np.array([kind.victim == "state" for kind in self._kinds])
        self._by_whole_log = np.array([whole_log_tells(kind) for kind in self._kinds])
        groups = [outline.groups.get(name) if name in CRIME_GROUPS else None for name in INCIDENT_GROUPS]
        self._supports = np.array(
            [
                [group is not None and kind.family in group.families for group in groups]
                for kind in self._kinds
            ]
        )
        self._kind_of_group = np.array(
            [-1 if group is None else reader.kinds.index(group.kind) for group in groups]
        )
        self._class = lru_cache(REMEMBERED)(self._class_of)
        self._flags = lru_cache(REMEMBERED)(self._flags_of)
        self._answers = lru_cache(REMEMBERED)(self._answers_of)

    def disclosed(self, incidents: pa.RecordBatch) -> pa.RecordBatch:
        """Rows of ``disclosed_offences`` for a batch of the reading list, in its order."""
        low, records = folded_column(incidents["narrative"]), records_of(incidents)
        heard = self._reader.hear(low)
        log, kind = heard.columns[:, LOG], heard.columns[:, OFFENCE]
        coded_log, group, strengths = self._coded(heard, records)
        columns = _one_after_the_other(
            self._told_columns(heard, records, ages_in(low, log)),
            self._coded_columns(coded_log, group, strengths, records),
        )
        of_state = self._of_state[np.concatenate([kind, self._kind_of_group[group]])]
        victims = np.concatenate(
            [heard.columns[:, VICTIMS] + heard.columns[:, FURTHER], np.ones(len(coded_log), np.int64)]
        )
        offence = np.repeat(np.arange(len(of_state)), np.where(of_state, 1, victims))
        victim = np.where(of_state[offence], 0, _numbered(offence))
        logs = np.concatenate([log, coded_log])[offence]
        order = np.argsort(logs, kind="stable")
        rows, logs = pa.array(offence[order]), logs[order]
        return _batch(
            {name: column.take(rows) for name, column in columns.items()}
            | {
                "incident_id": incidents["incident_id"].cast(pa.string()).take(pa.array(logs)),
                "offence_no": pa.array(_numbered(logs)),
                "victim_no": pa.array(victim[order]),
            }
        )

    def _told_columns(self, heard: Heard, records: Records, ages: pa.Array) -> Columns:
        """The columns of the offences told in words, but for what numbers them."""
        log, kind, said, tried = (heard.columns[:, each] for each in (LOG, OFFENCE, SAID, TRIED))
        sex, age = self._victims(heard, records, ages)
        band = _bands(age)
        here, asserted = heard.here, said == ASSERTED
        coded = asserted & (
            self._supports[kind, records.opened[log]] | self._supports[kind, records.closed[log]]
        )
        return {
            "class_code": self._class_codes(heard, sex, band),
            "subcode": pa.array([each.subcode for each in self._kinds], pa.string()).take(pa.array(kind)),
            "concept": pa.array(self._reader.kinds, pa.string()).take(pa.array(kind)),
            "assertion": pa.array(SAID_FIRST, pa.string()).take(pa.array(said)),
            "attempted": pa.array(tried != 0),
            "victim_kind": spread(
                each_once(self._victim_kind_of, kind, self._of_owner.held(here)), pa.string()
            ),
            "victim_sex": sex,
            "victim_age": age,
            "suspect_group": pa.array(self._suspect.held(heard.masks)[log]),
            "relationship": pa.array([*RELATIONSHIPS, None], pa.string()).take(
                pa.array(heard.columns[:, RELATED] % (len(RELATIONSHIPS) + 1))
            ),
            "strength": spread(each_once(_strength, heard.strengths.view(np.int64), coded), pa.float64()),
            "basis": pa.array(["words", "both"], pa.string()).take(pa.array(coded.astype(np.int8))),
            **_evidence(heard),
            "flags_due": self._flags_due(heard, records, band),
            **self._answer_columns(self._of_answers.held(heard.masks)[log], asserted, records, log),
        }

    def _victims(self, heard: Heard, records: Records, ages: pa.Array) -> tuple[pa.Array, pa.Array]:
        """Sex and age the words give, completed from the victim on record where there is one only."""
        log, state = heard.columns[:, LOG], self._of_state[heard.columns[:, OFFENCE]]
        alone, person = pa.array(heard.columns[:, VICTIMS] <= 1), pa.array(~state)
        told_sex = pa.array(SEXES, pa.string()).take(pa.array(heard.columns[:, SEX]))
        sex = pc.if_else(alone, pc.coalesce(told_sex, records.sexes.take(pa.array(log))), told_sex)
        age = pc.if_else(alone, pc.coalesce(ages, records.ages.take(pa.array(log))), ages)
        return pc.if_else(person, sex, None), pc.if_else(person, age, None)

    def _class_codes(self, heard: Heard, sex: pa.Array, band: Ints) -> pa.Array:
        log, kind, tried = (heard.columns[:, each] for each in (LOG, OFFENCE, TRIED))
        in_log, in_clauses = self._of_class.held(heard.masks)[log], self._of_class.held(heard.here)
        around = np.where(self._by_whole_log[kind], in_log, in_clauses)
        male = pc.fill_null(pc.equal(sex, "M"), False).to_numpy(zero_copy_only=False)
        return spread(each_once(self._class, kind, male, band, tried, around), pa.string())

    def _flags_due(self, heard: Heard, records: Records, band: Ints) -> pa.Array:
        log, kind = heard.columns[:, LOG], heard.columns[:, OFFENCE]
        near, in_log = self._of_act.held(heard.near), self._of_log.held(heard.masks)[log]
        carried, suspect = records.carried[log], _suspect_is(heard)
        due = each_once(self._flags, kind, near, in_log, carried, suspect, band)
        return spread(due, pa.list_(pa.string()))

    def _answer_columns(
        self, tags: Ints, asserted: NDArray[np.bool_], records: Records, log: Ints
    ) -> Columns:
        """What holds of a whole log, for each offence in it."""
        answers, which = each_once(
            self._answers, tags, records.callers[log], records.elsewhere[log], records.carried[log]
        )
        confirms = [each.confirms(how) for each in answers for how in ("", "asserted")]
        return {
            name: spread(([each.columns[name] for each in answers], which), pa.string()) for name in _ANSWERS
        } | {"victim_confirms": spread((confirms, 2 * which + asserted), pa.string())}

    # The offence a crime group supports: see ``Discloser._coded`` ---------------------------------

    def _coded(self, heard: Heard, records: Records) -> tuple[Ints, Ints, NDArray[np.float64]]:
        """Logs in which a group supports an offence that no words assert; the group; its strength."""
        log, kind, said = (heard.columns[:, each] for each in (LOG, OFFENCE, SAID))
        taken = np.zeros(len(heard.masks), np.bool_)
        taken[log[said == ASSERTED]] = True
        group = np.full(len(taken), -1)
        strength = np.zeros(len(taken))
        for groups, alone in ((records.closed, CLOSED_AS_CRIME), (records.opened, OPENED_AS_CRIME)):
            spoken_of = np.zeros(len(taken), np.bool_)
            spoken_of[log[self._supports[kind, groups[log]]]] = True
            supported = ~taken & (self._kind_of_group[groups] >= 0)
            chosen = supported & ~spoken_of
            group[chosen], strength[chosen] = groups[chosen], alone
            taken |= supported
        logs = np.flatnonzero(group >= 0)
        return logs, group[logs], strength[logs]

    def _coded_columns(
        self, logs: Ints, group: Ints, strengths: NDArray[np.float64], records: Records
    ) -> Columns:
        count, nothing = len(logs), np.zeros(len(logs), np.int64)
        kind, here = pa.array(self._kind_of_group[group]), pa.array(group)
        kinds = self._kinds
        return {
            "class_code": self._of_groups["class_code"].take(here),
            "subcode": pa.array([each.subcode for each in kinds], pa.string()).take(kind),
            "concept": pa.array(self._reader.kinds, pa.string()).take(kind),
            "assertion": pa.repeat("asserted", count),
            "attempted": pa.repeat(False, count),
            "victim_kind": pa.array([each.victim for each in kinds], pa.string()).take(kind),
            "victim_sex": pa.nulls(count, pa.string()),
            "victim_age": pa.nulls(count, pa.int64()),
            "suspect_group": pa.array(nothing),
            "relationship": pa.nulls(count, pa.string()),
            "strength": pa.array(strengths),
            "basis": pa.repeat("code", count),
            "pattern_ids": pa.array([[f"group:{name}"] for name in INCIDENT_GROUPS]).take(here),
            "span_starts": _no_items(pa.int64(), count),
            "span_ends": _no_items(pa.int64(), count),
            "flags_due": self._of_groups["flags_due"].take(here),
            **self._answer_columns(nothing, np.ones(count, np.bool_), records, logs),
        }

    @cached_property
    def _of_groups(self) -> Columns:
        """Class and flags of the offence each incident group supports; null where it supports none."""
        kinds = self._kind_of_group.tolist()
        classes = [None if kind < 0 else self._class(kind, 0, 0, 0, 0) for kind in kinds]
        flags = [None if kind < 0 else self._flags(kind, 0, 0, 0, -1, 0) for kind in kinds]
        return {
            "class_code": pa.array(classes, pa.string()),
            "flags_due": pa.array(flags, pa.list_(pa.string())),
        }

    # Answers that hang on a few tags and codes only, each worked out once ----------------------------

    def _class_of(self, kind: int, male: int, band: int, attempted: int, tags: int) -> str:
        facts = Facts("M" if male else None, _OF_BAND[band], bool(attempted), self._of_class.tags(tags))
        return class_of(self._kinds[kind], facts)

    def _victim_kind_of(self, kind: int, tags: int) -> str:
        return victim_kind_of(self._kinds[kind], self._of_owner.tags(tags))

    def _flags_of(self, kind: int, near: int, tags: int, carried: int, related: int, band: int) -> list[str]:
        of_kind, of_log = self._kinds[kind], self._of_log.tags(tags)
        said = circumstances.flags_said(of_log, _carried(carried))
        due = said | circumstances.flags_of_the_act(of_kind, self._of_act.tags(near))
        suspect = RELATIONSHIPS[related] if related >= 0 else None
        return circumstances.flags_due(of_kind, due, of_log, suspect, _OF_BAND[band])

    def _answers_of(self, tags: int, caller: int, elsewhere: int, carried: int) -> Answers:
        return circumstances.answers(
            self._of_answers.tags(tags),
            CALLER_ROLES[caller],
            "named" if elsewhere else None,
            _carried(carried),
        )


def _carried(bits: int) -> tuple[str, ...]:
    return tuple(flag for place, flag in enumerate(CARRIED) if bits >> place & 1)


def _suspect_is(heard: Heard) -> Ints:
    """See ``disclosing._suspect_is``."""
    related, family = heard.columns[:, RELATED], RELATIONSHIPS.index("family")
    return np.where((heard.columns[:, FURTHER] > 0) & (related == family), -1, related)


def _strength(told: int, coded: int) -> float:
    """Strength of an offence, given the bits of that of its words."""
    words = float(np.int64(told).view(np.float64))
    return round(words + (1.0 - words) * BOTH_SAY_SO * coded, 4)


def _bands(ages: pa.Array) -> Ints:
    """The place in ``_OF_BAND`` of each age."""
    held = pc.fill_null(ages, 0).to_numpy()
    return np.where(
        ages.is_null().to_numpy(zero_copy_only=False), 0, 1 + np.searchsorted(_AGES, held, "right")
    )


def _evidence(heard: Heard) -> Columns:
    """The words each offence rests on."""
    ends = pa.array(np.append(heard.columns[:, FIRST_PIECE], len(heard.patterns)).astype(np.int32))
    pieces = {
        "pattern_ids": spread((heard.names, heard.patterns), pa.string()),
        "span_starts": pa.array(heard.starts),
        "span_ends": pa.array(heard.ends),
    }
    return {name: pa.ListArray.from_arrays(ends, values) for name, values in pieces.items()}


def _numbered(groups: Ints) -> Ints:
    """The number of each row within its group, from 1, where rows of a group stand together."""
    return np.arange(len(groups)) - np.searchsorted(groups, groups) + 1


def _one_after_the_other(first: Columns, second: Columns) -> Columns:
    return {name: pa.concat_arrays([column, second[name]]) for name, column in first.items()}


def _batch(columns: Columns) -> pa.RecordBatch:
    """A batch of ``disclosed_offences``; columns that are not given are null, lists empty."""
    count = len(columns["incident_id"])
    arrow = arrow_schema(schema.DISCLOSED_OFFENCES)
    arrays = []
    for field in arrow:
        if field.name in columns:
            arrays.append(columns[field.name])
        elif pa.types.is_list(field.type):
            arrays.append(_no_items(field.type.value_type, count))
        else:
            arrays.append(pa.nulls(count, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=arrow)


def _no_items(kind: pa.DataType, count: int) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(np.zeros(count + 1, np.int32)), pa.array([], kind))
