"""SQL steps that say how many crimes there are, once offences were considered: ``mechanisms.py`` in SQL."""

from __future__ import annotations

from collections.abc import Iterator

from opencdi.counting import traits
from opencdi.counting.batch_offences import PREFIX, Asked
from opencdi.counting.conditions import text
from opencdi.counting.facts import FACTS
from opencdi.counting.mechanisms import (
    BREACH,
    BUCKETS,
    CONDUCT,
    SLAVERY,
    UNDEFINED,
    conduct_is_weighed,
    time_to_record,
)
from opencdi.counting.periods import Period
from opencdi.counting.sqltext import as_they_are, case, numbers, select_list
from opencdi.schema import FLAGS

KEY = (
    "incident_id",
    "group_kind",
    "group_incident",
    "group_layer",
    "group_victim",
    "group_suspects",
    "group_place",
)
"""Offences with one key are one record, or one for each offender."""

PARTITION = ", ".join(KEY)


def statements(asked: Asked) -> Iterator[tuple[str, str]]:
    """Names and texts of the steps after ``offences``; the last two are the tables of the room."""
    yield "suspected", _SUSPECTED
    yield "victims", _VICTIMS
    yield "places", _PLACES
    yield "taken", _taken(asked)
    yield "hosts", _HOSTS
    yield "keyed", _KEYED
    yield "weighed", _weighed(asked)
    yield "ranked", _RANKED
    yield "groups", _groups(asked)
    yield "members", _MEMBERS
    yield "group_offences", _group_offences(asked)
    yield "group_missing", _group_missing(asked)
    yield "numbered", _numbered()
    yield "required", _required(asked)
    yield "decisions", _decisions(asked)


# Who counts together -----------------------------------------------------------------------------

_SUSPECTED = f"""
select *, case when suspect_group > 0 then suspect_group else coalesce(min(nullif(suspect_group, 0))
    over (partition by incident_id, victim, finished_incident), 0) end as suspects,
  case when shares = '' or victim = 0 then null when per <> 'victim' then 0 else property_no end as shared
from {PREFIX}offences where kind <> 'not_recorded'
"""
"""Without evidence that offenders acted independently (page 12), unknown ones are those known."""

_VICTIMS = f"""
select *, case when shared is null then victim else min(victim)
    over (partition by incident_id, shares, shared, suspects, finished_incident) end as victim_key
from {PREFIX}suspected
"""
"""The victims of one household, building, shop or incident stand as the first of them."""

_PLACES = f"""
select *, case when coalesce(shared, 0) = 0 then 0 when shared > min(nullif(shared, 0))
    over (partition by incident_id, shares, victim_key, suspects, finished_incident) then shared
    else 0 end as second_place
from {PREFIX}victims
"""
"""A victim's second household, building or shop counts apart; the first counts with all else."""


# What one offence takes in -----------------------------------------------------------------------


def _taken(asked: Asked) -> str:
    """Offences that a merging rule takes in, by the first rule that does, with all that may take them."""
    every = " union all ".join(
        f"select p.incident_id, p.offence_no, {number} as taking, "
        "h.offence_no as host_no, h.rank as host_rank "
        f"from {PREFIX}places p join {PREFIX}places h on h.incident_id = p.incident_id "
        "and h.suspects = p.suspects and h.finished_incident = p.finished_incident"
        f"{' and h.victim_key = p.victim_key' if ruling.version.effect.scope == 'victim' else ''} "
        f"where p.kind = 'crime' and p.taken_{number} and h.kind = 'crime' and h.certain and h.takes_{number}"
        for number, ruling in enumerate(asked.merging())
    )
    return (
        "select incident_id, offence_no, taking, host_no, host_rank from (select *, min(taking) over "
        f"(partition by incident_id, offence_no) as first_taking from ({every}) e) f "
        "where taking = first_taking"
    )


_STANDING = f"""select p.* from {PREFIX}places p
left join (select distinct incident_id, offence_no from {PREFIX}taken) t
  on t.incident_id = p.incident_id and t.offence_no = p.offence_no
where t.offence_no is null"""

_HOSTS = f"""
with standing as ({_STANDING}),
direct as (
  select t.incident_id, t.offence_no, t.taking, t.host_no, 0 as indirect, t.host_rank
  from {PREFIX}taken t join standing h on h.incident_id = t.incident_id and h.offence_no = t.host_no),
indirect as (
  select distinct t.incident_id, t.offence_no, t.taking, h.offence_no as host_no, 1 as indirect,
    h.rank as host_rank
  from {PREFIX}taken t
  join {PREFIX}places p on p.incident_id = t.incident_id and p.offence_no = t.offence_no
  join standing h on h.incident_id = t.incident_id and h.suspects = p.suspects
    and h.finished_incident = p.finished_incident and h.kind = 'crime' and h.certain),
placed as (
  select *, row_number() over (partition by incident_id, offence_no
    order by indirect, host_rank, host_no) as place
  from (select * from direct union all select * from indirect) e)
select incident_id, offence_no, taking, host_no from placed where place = 1
"""
"""The standing offence each one taken in counts in: what takes it in, else the offenders' most serious."""


# Which crime is the principal one ----------------------------------------------------------------

_KEYED = f"""
with keyed as (
select s.*, kind as group_kind,
  case when kind = 'crime_related_incident' then 0 else finished_incident end as group_incident,
  case when kind = 'crime' then layer else '' end as group_layer,
  case when kind = 'crime_related_incident' then 0 else victim_key end as group_victim,
  case when kind in ('crime_related_incident', 'n300') then 0 else suspects end as group_suspects,
  case when kind = 'crime' then second_place else 0 end as group_place,
  concat(class_code, ' ', coalesce(subcode, '')) as code
from ({_STANDING}) s)
select *, certain or max(case when certain then 1 else 0 end) over (partition by {PARTITION}) = 0 as counts
from keyed
"""
"""``counts``: offences that cannot be told count only where all their record's offences are such."""


def _weighed(asked: Asked) -> str:
    """Whether a course of conduct is principal by its rank over each other offence of the record."""
    weighed = numbers(period.number for period in asked.periods if conduct_is_weighed(period.first_day))
    over = f"over (partition by {PARTITION})"
    return f"""
with ranked as (select *,
  min(case when conduct_rank > 0 and counts then conduct_rank end) {over} as best,
  min(case when conduct_rank > 0 then conduct_rank end) {over} as best_over_all
from {PREFIX}keyed),
beaten as (select *,
  min(case when conduct_rank = 0 and counts then {_beaten("best")} end) {over} as all_beaten,
  min(case when conduct_rank = 0 then {_beaten("best_over_all")} end) {over} as all_beaten_over_all
from ranked)
select *,
  coalesce(s_period in ({weighed}) and group_layer = 'victim' and all_beaten = 1, false) as wins,
  coalesce(s_period in ({weighed}) and group_layer = 'victim' and all_beaten_over_all = 1, false)
    as wins_over_all
from beaten
"""


def _beaten(best: str) -> str:
    """1 where a course of conduct of that rank is principal over the row, else 0; null without one."""

    def bit(rank: int) -> str:
        return f"case when (beaten_by & {1 << (rank - 1)}) <> 0 then 1 else 0 end"

    return case((f"{best} = {rank}", bit(rank)) for rank in range(1, 6))


_RANKED = f"""
select *,
  row_number() over (partition by {PARTITION} order by case when counts then 0 else 1 end,
    case when wins and conduct_rank > 0 then 0 else 1 end, rank, offence_no) as place,
  row_number() over (partition by {PARTITION} order by
    case when wins_over_all and conduct_rank > 0 then 0 else 1 end, rank, offence_no) as place_over_all,
  count(*) over (partition by {PARTITION}) as members,
  case when min(code) over (partition by {PARTITION}) <> max(code) over (partition by {PARTITION})
    then 2 else 1 end as codes,
  max(case when each_one then offenders end) over (partition by {PARTITION}) as most_offenders,
  bit_or(flags) over (partition by {PARTITION}) as group_flags
from {PREFIX}weighed
"""


# Records -----------------------------------------------------------------------------------------


def _groups(asked: Asked) -> str:
    """One row a record (or a record for each offender): its principal offence."""
    taken_bit = case((f"h.taking = {number}", str(1 << number)) for number in range(len(asked.merging())))
    key_of_host = ", ".join(f"w.{name}" for name in KEY)
    guests = (
        f"select {key_of_host}, bit_or({taken_bit}) as taken_bits, bit_or(p.flags) as guest_flags "
        f"from {PREFIX}hosts h "
        f"join {PREFIX}ranked w on w.incident_id = h.incident_id and w.offence_no = h.host_no "
        f"join {PREFIX}places p on p.incident_id = h.incident_id and p.offence_no = h.offence_no "
        f"group by {key_of_host}"
    )
    unit_rule = case(
        (
            ("r.each_one", "'one-crime-per-offender-each'"),
            ("r.victim_key = 0", "'one-crime-per-offender'"),
            ("r.shared is not null", "'one-crime-per-unit'"),
            ("true", "'one-crime-per-victim'"),
        )
    )
    columns = [
        *as_they_are((*KEY, *_OF_PRINCIPAL), "r"),
        ("victim_no", "r.victim_key"),
        ("suspect_group", "r.suspects"),
        ("settled", "r.certain and r.place_over_all = 1"),
        ("copies", "case when r.kind = 'crime' and r.each_one then r.most_offenders else 1 end"),
        ("unit_rule", unit_rule),
        ("merged_by", _MERGED_BY),
        ("taken_bits", "coalesce(g.taken_bits, 0)"),
        ("flag_bits", "r.group_flags | coalesce(g.guest_flags, 0)"),
    ]
    on = " and ".join(f"g.{name} = r.{name}" for name in KEY)
    return (
        f"select {select_list(columns)} from {PREFIX}ranked r "
        f"left join ({guests}) g on {on} where r.place = 1"
    )


_OF_PRINCIPAL = (
    "reported_at",
    "s_period",
    "offence_no",
    "rank",
    "class_code",
    "subcode",
    "offence_group",
    "offence_subgroup",
    "strength",
    "rules",
    "kind",
    "layer",
    "death_code",
)

_MERGED_BY = case(
    (
        ("r.members = 1", "nullif('', '')"),
        ("r.wins", "'conduct-principal'"),
        ("r.codes > 1", "'principal-crime'"),
        ("true", "'finished-incident'"),
    )
)

_ON_KEY = " and ".join(f"g.{name} = r.{name}" for name in KEY)

_MEMBERS = f"""
select g.incident_id, g.offence_no as principal_no, r.offence_no, 0 as guest, r.place, r.rank, r.missing,
  -1 as taking
from {PREFIX}groups g join {PREFIX}ranked r on {_ON_KEY}
union all
select g.incident_id, g.offence_no as principal_no, h.offence_no, 1 as guest, 0 as place, p.rank, p.missing,
  h.taking
from {PREFIX}hosts h
join {PREFIX}ranked r on r.incident_id = h.incident_id and r.offence_no = h.host_no
join {PREFIX}groups g on {_ON_KEY}
join {PREFIX}places p on p.incident_id = h.incident_id and p.offence_no = h.offence_no
"""
"""Every offence that counts in a record: the principal, the merged (``guest`` 0), those taken in (1)."""


def _group_offences(asked: Asked) -> str:
    order = "guest, case when guest = 0 and place = 1 then 0 else 1 end, rank, offence_no"
    return (
        f"select incident_id, principal_no, {asked.dialect.list_in_order('offence_no', order)} "
        "as offence_nos "
        f"from {PREFIX}members group by incident_id, principal_no"
    )


def _group_missing(asked: Asked) -> str:
    """The facts that would settle a record that cannot be told."""
    place = case((f"fact = {text(name)}", str(number)) for number, name in enumerate(FACTS))
    fact = asked.dialect.unnest(asked.dialect.items("m.missing", ","))
    facts = (
        "select distinct incident_id, principal_no, fact from "
        f"(select m.incident_id, m.principal_no, {fact} as fact "
        f"from {PREFIX}members m join {PREFIX}groups g on g.incident_id = m.incident_id "
        "and g.offence_no = m.principal_no where m.guest = 0 and not g.settled and m.missing <> '') e"
    )
    return (
        f"select incident_id, principal_no, {asked.dialect.list_in_order('fact', place)} as missing_facts "
        f"from ({facts}) f group by incident_id, principal_no"
    )


def _numbered() -> str:
    bucket = case((f"kind = {text(name)}", str(number)) for number, name in enumerate(BUCKETS))
    return (
        f"select *, sum(copies) over (partition by incident_id order by {bucket}, rank, offence_no "
        f"rows between unbounded preceding and current row) - copies + 1 as first_no from {PREFIX}groups"
    )


# The tables --------------------------------------------------------------------------------------


def _required(asked: Asked) -> str:
    def split(text: str) -> str:
        return asked.dialect.items(text, ",")

    edition = case((f"g.s_period = {one.number}", text(one.edition.name)) for one in asked.periods)
    flags = ", ".join(
        f"case when (g.flag_bits & {1 << bit}) <> 0 then {text(flag)} end" for bit, flag in enumerate(FLAGS)
    )
    plain = "g.kind in ('crime', 'n300', 'crime_related_incident')"
    death = "g.kind = 'n300'"
    none = "''"
    columns = [
        ("incident_id", "g.incident_id"),
        ("required_no", "g.first_no + c.copy - 1"),
        ("edition", edition),
        ("record_as", f"case when {plain} then g.kind else 'n100' end"),
        ("n100_code", f"case when {plain} then null else g.kind end"),
        ("class_code", f"case when {death} then {text(traits.DEATH)} else g.class_code end"),
        ("subcode", f"case when {death} then g.death_code else g.subcode end"),
        *as_they_are(("offence_group", "offence_subgroup", "victim_no", "suspect_group"), "g"),
        ("offence_nos", "o.offence_nos"),
        ("deadline_at", f"g.reported_at + {_time_to_record(asked)}"),
        ("flags_due", split(f"concat_ws(',', {flags})")),
        ("strength", "g.strength"),
        ("certainty", "case when g.settled then 'required' else 'cannot_tell' end"),
        ("missing_facts", f"coalesce(m.missing_facts, {split(none)})"),
        ("rules", split(f"concat_ws(',', {', '.join(_rules(asked))})")),
    ]
    copies = asked.dialect.unnest(asked.dialect.one_to("most"))
    return (
        f"select {select_list(columns)} from {PREFIX}numbered g "
        f"join (select {copies} as copy from (select max(copies) as most from {PREFIX}groups) m) c "
        "on c.copy <= g.copies "
        f"join {PREFIX}group_offences o "
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
    yield "nullif(g.rules, '')"
    yield case(
        (
            ("g.kind = 'crime'", "concat('record-crime,', g.unit_rule)"),
            ("g.kind = 'n300'", "'n300'"),
            ("g.kind = 'crime_related_incident'", "'crime-related-incident'"),
            ("true", "'n100'"),
        )
    )
    besides = [
        (f"g.layer = {text(one.name)}", text(one.rule or "")) for one in (CONDUCT, SLAVERY, UNDEFINED, BREACH)
    ]
    besides_victims = case((*besides, ("g.layer <> 'victim'", "'state-besides'")))
    yield f"case when g.kind = 'crime' then {besides_victims} end"
    yield "case when g.kind = 'crime' then g.merged_by end"
    for number, ruling in sorted(enumerate(asked.merging()), key=lambda pair: pair[1].rule.id):
        yield f"case when (g.taken_bits & {1 << number}) <> 0 then {text(ruling.rule.id)} end"
    yield "'within-24-hours'"


def _decisions(asked: Asked) -> str:
    taking = case((f"m.taking = {number}", text(one.rule.id)) for number, one in enumerate(asked.merging()))
    merged = (
        "case when m.guest = 0 and m.offence_no <> m.principal_no and o.kind = 'crime' then g.merged_by end"
    )
    outcome = case(
        (
            ("m.offence_no is null", "'not_recorded'"),
            ("m.guest = 1", "'merged'"),
            ("not o.certain and not g.settled", "'cannot_tell'"),
            ("g.kind in ('n300', 'crime_related_incident')", "g.kind"),
            ("g.kind <> 'crime'", "'n100'"),
            ("m.offence_no = m.principal_no", "'principal'"),
            ("true", "'merged'"),
        )
    )
    columns = [
        *as_they_are(("incident_id", "offence_no"), "o"),
        ("outcome", outcome),
        ("required_no", "g.first_no"),
        ("stopped_at_step", "case when o.certain and o.kind = 'crime' then null else o.first_step end"),
        ("rules", asked.dialect.items(f"concat_ws(',', nullif(o.rules, ''), {taking}, {merged})", ",")),
    ]
    return (
        f"select {select_list(columns)} from {PREFIX}offences o "
        f"left join {PREFIX}members m on m.incident_id = o.incident_id and m.offence_no = o.offence_no "
        f"left join {PREFIX}numbered g on g.incident_id = m.incident_id and g.offence_no = m.principal_no"
    )
