"""SQL steps that make the room's two tables: the crimes required, and what became of each offence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opencdi.counting import traits
from opencdi.counting.batch_facts import PREFIX, Asked
from opencdi.counting.batch_offences import LAYERS
from opencdi.counting.batch_records import ALONE, CRIME, DEATH, NOT_RECORDED, RELATED
from opencdi.counting.conditions import text
from opencdi.counting.flow import KINDS
from opencdi.counting.mechanisms import time_to_record
from opencdi.counting.periods import Period
from opencdi.counting.placing import BREACH, CONDUCT, SLAVERY, UNDEFINED, VICTIM
from opencdi.counting.sqltext import as_they_are, case, select_list
from opencdi.engine import Step
from opencdi.schema import FLAGS


def statements(asked: Asked) -> Iterator[Step]:
    """The last two steps: the tables of the room."""
    yield Step("required", _required(asked))
    yield Step("decisions", _decisions(asked))


def _required(asked: Asked) -> str:
    def split(text: str) -> str:
        return asked.dialect.items(text, ",")

    edition = case((f"g.s_period = {one.number}", text(one.edition.name)) for one in asked.periods)
    flags = ", ".join(
        f"case when (g.flag_bits & {1 << bit}) <> 0 then {text(flag)} end" for bit, flag in enumerate(FLAGS)
    )
    kind = choice_of("g.kind_no", KINDS)
    plain = f"g.kind_no in ({CRIME}, {DEATH}, {RELATED})"
    death = f"g.kind_no = {DEATH}"
    missing = "case when g.settled then '' else a.missing end"
    alone = asked.dialect.typed(asked.dialect.list_of(["g.offence_no"]), "integers")
    columns = [
        ("incident_id", "g.incident_id"),
        ("required_no", "g.first_no + c.copy - 1"),
        ("edition", edition),
        ("record_as", f"case when {plain} then {kind} else 'n100' end"),
        ("n100_code", f"case when {plain} then null else {kind} end"),
        ("class_code", f"case when {death} then {text(traits.DEATH)} else a.f_class end"),
        ("subcode", f"case when {death} then nullif(a.death_code, '') else nullif(a.f_subcode, '') end"),
        ("offence_group", "a.f_group"),
        ("offence_subgroup", "a.f_subgroup"),
        *as_they_are(("victim_no", "suspect_group"), "g"),
        ("offence_nos", f"coalesce(o.offence_nos, {alone})"),
        ("deadline_at", f"g.reported_at + {_time_to_record(asked)}"),
        ("flags_due", split(f"case when g.flag_bits = 0 then '' else concat_ws(',', {flags}) end")),
        ("strength", "g.strength"),
        ("certainty", "case when g.settled then 'required' else 'cannot_tell' end"),
        ("missing_facts", f"coalesce(m.missing_facts, {split(missing)})"),
        ("rules", split(f"concat_ws(',', {', '.join(_rules(asked))})")),
    ]
    copies = asked.dialect.unnest(asked.dialect.one_to("most"))
    return (
        f"select {select_list(columns)} from {PREFIX}numbered g "
        f"join (select {copies} as copy from (select max(copies) as most from {PREFIX}numbered) m) c "
        "on c.copy <= g.copies "
        f"join {PREFIX}answered a on a.signature_no = g.signature_no "
        f"left join {PREFIX}group_offences o "
        "on o.incident_id = g.incident_id and o.principal_no = g.offence_no "
        f"left join {PREFIX}group_missing m "
        "on m.incident_id = g.incident_id and m.principal_no = g.offence_no"
    )


def _time_to_record(asked: Asked) -> str:
    def hours(one: Period) -> int:
        return int(time_to_record(one.first_day).total_seconds() // 3600)

    return case(
        (f"g.s_period = {one.number}", f"interval '{hours(one)}' hour")
        for one in asked.periods
    )  # fmt: skip


def _rules(asked: Asked) -> Iterator[str]:
    crime = f"g.kind_no = {CRIME}"
    yield "nullif(a.rules, '')"
    yield case(
        (
            (crime, "concat('record-crime,', coalesce(g.unit_rule, ''))"),
            (f"g.kind_no = {DEATH}", "'n300'"),
            (f"g.kind_no = {RELATED}", "'crime-related-incident'"),
            ("true", "'n100'"),
        )
    )
    besides = [
        (f"g.layer_no = {LAYERS.index(one.name)}", text(one.rule or ""))
        for one in (CONDUCT, SLAVERY, UNDEFINED, BREACH)
        if one.name in LAYERS
    ]
    besides_victims = case((*besides, (f"g.layer_no <> {LAYERS.index(VICTIM.name)}", "'state-besides'")))
    yield f"case when {crime} then {besides_victims} end"
    yield f"case when {crime} then g.merged_by end"
    by_name = sorted(enumerate(asked.merging()), key=lambda pair: pair[1].rule.id)
    taken = ", ".join(
        f"case when (g.taken_bits & {1 << number}) <> 0 then {text(ruling.rule.id)} end"
        for number, ruling in by_name
    )
    yield f"case when g.taken_bits <> 0 then concat_ws(',', {taken}) end"
    yield "'within-24-hours'"


def choice_of(number: str, names: Sequence[str]) -> str:
    """The name at the place, from 0, that stands in a column."""
    return case((f"{number} = {place}", text(name)) for place, name in enumerate(names))


_OFFENCE = "incident_id, offence_no, signature_no, certain, kind_no"

_TOLD = f"""
select o.incident_id, o.offence_no, o.signature_no, o.certain, o.kind_no, m.principal_no, m.guest, m.taking,
  g.kind_no as record_kind, g.settled, g.first_no, g.merged_by
from (select {_OFFENCE} from {PREFIX}offences where kind_no = {NOT_RECORDED}
  union all select {_OFFENCE} from {PREFIX}accompanied) o
left join {PREFIX}members m on m.incident_id = o.incident_id and m.offence_no = o.offence_no
left join (select * from {PREFIX}numbered where record <> {ALONE}) g
  on g.incident_id = m.incident_id and g.offence_no = m.principal_no
union all
select incident_id, offence_no, signature_no, settled as certain, kind_no, offence_no as principal_no,
  0 as guest, -1 as taking, kind_no as record_kind, settled, first_no, merged_by
from {PREFIX}numbered where record = {ALONE}
"""
"""Each offence with what is said of the record it counts in, if it counts in one."""


def _decisions(asked: Asked) -> str:
    taking = case((f"o.taking = {number}", text(one.rule.id)) for number, one in enumerate(asked.merging()))
    is_merged = f"o.guest = 0 and o.offence_no <> o.principal_no and o.kind_no = {CRIME}"
    merged = f"case when {is_merged} then o.merged_by end"
    outcome = case(
        (
            ("o.principal_no is null", "'not_recorded'"),
            ("o.guest = 1", "'merged'"),
            ("not o.certain and not o.settled", "'cannot_tell'"),
            (f"o.record_kind = {DEATH}", "'n300'"),
            (f"o.record_kind = {RELATED}", "'crime_related_incident'"),
            (f"o.record_kind <> {CRIME}", "'n100'"),
            ("o.offence_no = o.principal_no", "'principal'"),
            ("true", "'merged'"),
        )
    )
    columns = [
        *as_they_are(("incident_id", "offence_no"), "o"),
        ("outcome", outcome),
        ("required_no", "o.first_no"),
        ("stopped_at_step", f"case when o.certain and o.kind_no = {CRIME} then null else a.first_step end"),
        ("rules", asked.dialect.items(f"concat_ws(',', nullif(a.rules, ''), {taking}, {merged})", ",")),
    ]
    return (
        f"select {select_list(columns)} from ({_TOLD}) o "
        f"join {PREFIX}answered a on a.signature_no = o.signature_no"
    )
