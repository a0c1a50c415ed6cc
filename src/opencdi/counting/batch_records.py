"""SQL steps that say how many crimes there are, once offences were considered: ``mechanisms.py`` in SQL."""

from __future__ import annotations

from collections.abc import Iterator

from opencdi.counting.batch_facts import PREFIX, Asked
from opencdi.counting.batch_offences import LAYERS
from opencdi.counting.conditions import text
from opencdi.counting.facts import FACTS
from opencdi.counting.flow import KINDS, conduct_is_weighed
from opencdi.counting.placing import VICTIM
from opencdi.counting.sqltext import as_they_are, case, numbers, select_list
from opencdi.engine import Step

KEY = ("incident_id", "record")
"""Offences with one key are one record, or one for each offender."""

PARTITION = ", ".join(KEY)

CRIME, DEATH, RELATED, NOT_RECORDED = (
    KINDS.index(kind) for kind in ("crime", "n300", "crime_related_incident", "not_recorded")
)
"""Numbers of kinds of record; those between crime and death are reported incidents of rape."""


def statements(asked: Asked) -> Iterator[Step]:
    """The steps after ``offences``, to one row a record with its number."""
    yield Step("accompanied", _ACCOMPANIED)
    yield Step("suspected", _SUSPECTED)
    yield Step("sharing", _SHARING)
    yield Step("places", _PLACES)
    yield Step("merging", _merging(asked))
    yield Step("taken", _TAKEN)
    yield Step("hosts", _HOSTS)
    yield Step("keyed", _KEYED)
    yield Step("several", _SEVERAL)
    yield Step("weighed", _weighed(asked))
    yield Step("ranked", _RANKED)
    yield Step("groups", _groups(asked))
    yield Step("members", _MEMBERS)
    yield Step("group_offences", _group_offences(asked))
    yield Step("group_missing", _group_missing(asked))
    yield Step("numbered", _NUMBERED)


# Who counts together -----------------------------------------------------------------------------

_SHARED = "case when shares_no = 0 or victim = 0 then null when not per_victim then 0 else property_no end"

_CONSIDERED = f"select *, {_SHARED} as shared from {PREFIX}offences where kind_no < {NOT_RECORDED}"

_ACCOMPANIED = f"""
with considered as ({_CONSIDERED})
select c.* from considered c semi join (
  select incident_id from considered group by incident_id having count(*) > 1) m using (incident_id)
"""
"""Offences that may stand on record beside others of their incident. Most are alone in theirs: such a one is
a record by itself, and none of these steps but the last concerns it."""

_SUSPECTED = f"""
with known as (select incident_id, victim, finished_incident, min(suspect_group) as first_known
  from {PREFIX}accompanied where suspect_group > 0 group by incident_id, victim, finished_incident)
select *, suspect_group as suspects from {PREFIX}accompanied where suspect_group > 0
union all
select p.*, coalesce(k.first_known, 0) as suspects from {PREFIX}accompanied p left join known k
  on k.incident_id = p.incident_id and k.victim = p.victim and k.finished_incident = p.finished_incident
where p.suspect_group = 0
"""
"""Without evidence that offenders acted independently (page 12), unknown ones are those known."""

_SHARING = f"""
with victims as (select *, min(victim)
    over (partition by incident_id, shares_no, shared, suspects, finished_incident) as victim_key
  from {PREFIX}suspected where shared is not null)
select *, case when shared = 0 then 0 when shared > min(nullif(shared, 0))
    over (partition by incident_id, shares_no, victim_key, suspects, finished_incident) then shared
    else 0 end as second_place
from victims
"""
"""The victims of one household, building, shop or incident stand as the first of them; a victim's second
household, building or shop counts apart, the first with all else."""

_PLACES = f"""
select *, victim as victim_key, 0 as second_place from {PREFIX}suspected where shared is null
union all select * from {PREFIX}sharing
"""


# What one offence takes in -----------------------------------------------------------------------


_TAKEN = f"""
with taken as (select * from {PREFIX}places where taken_bits <> 0 and kind_no = {CRIME}),
hosts as (select * from {PREFIX}places where takes_bits <> 0 and kind_no = {CRIME} and certain),
matched as (
  select p.incident_id, p.offence_no, rule.number as taking, h.offence_no as host_no, h.rank as host_rank,
    min(rule.number) over (partition by p.incident_id, p.offence_no) as first_taking
  from taken p
  join hosts h on h.incident_id = p.incident_id and h.suspects = p.suspects
    and h.finished_incident = p.finished_incident
  join {PREFIX}merging rule on (p.taken_bits & rule.bit) <> 0 and (h.takes_bits & rule.bit) <> 0
    and (h.taken_bits & rule.bit) = 0 and (h.victim_key = p.victim_key or not rule.of_victim))
select incident_id, offence_no, taking, host_no, host_rank from matched where taking = first_taking
"""
"""Offences that a merging rule takes in, by the first rule that does, with all that may take them."""


def _merging(asked: Asked) -> str:
    """The merging rules: number, bit, and whether the victim must be the same."""
    rows = ", ".join(
        f"({number}, {1 << number}, {'true' if ruling.version.effect.scope == 'victim' else 'false'})"
        for number, ruling in enumerate(asked.merging())
    )
    return f"select * from (values {rows}) as t (number, bit, of_victim)"


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
    and h.finished_incident = p.finished_incident and h.kind_no = {CRIME} and h.certain),
placed as (
  select *, row_number() over (partition by incident_id, offence_no
    order by indirect, host_rank, host_no) as place
  from (select * from direct union all select * from indirect) e)
select incident_id, offence_no, taking, host_no from placed where place = 1
"""
"""The standing offence each one taken in counts in: what takes it in, else the offenders' most serious."""


# Which crime is the principal one ----------------------------------------------------------------

_KEYED = f"""
select s.*, case
    when kind_no = {CRIME}
      then concat_ws('|', kind_no, finished_incident, layer_no, victim_key, suspects, second_place)
    when kind_no = {DEATH} then concat_ws('|', kind_no, finished_incident, victim_key)
    when kind_no = {RELATED} then cast(kind_no as string)
    else concat_ws('|', kind_no, finished_incident, victim_key, suspects) end as record
from ({_STANDING}) s
"""

_SEVERAL = f"""
select k.*,
  k.certain or max(case when k.certain then 1 else 0 end) over (partition by {PARTITION}) = 0 as counts
from {PREFIX}keyed k semi join (
  select {PARTITION} from {PREFIX}keyed group by {PARTITION} having count(*) > 1) m using ({PARTITION})
"""
"""Offences of records that have several. Those that cannot be told count only where all are such."""


def _weighed(asked: Asked) -> str:
    """Whether a course of conduct is principal by its rank over each other offence of the record."""
    weighed = numbers(period.number for period in asked.periods if conduct_is_weighed(period.first_day))
    one_victim = f"kind_no = {CRIME} and layer_no = {LAYERS.index(VICTIM.name)}"
    applies = f"s_period in ({weighed}) and {one_victim}"
    over = f"over (partition by {PARTITION})"
    return f"""
with ranked as (select *,
  min(case when conduct_rank > 0 and counts then conduct_rank end) {over} as best,
  min(case when conduct_rank > 0 then conduct_rank end) {over} as best_over_all
from {PREFIX}several),
beaten as (select *,
  min(case when conduct_rank = 0 and counts then {_beaten("best")} end) {over} as all_beaten,
  min(case when conduct_rank = 0 then {_beaten("best_over_all")} end) {over} as all_beaten_over_all
from ranked)
select *,
  coalesce({applies} and all_beaten = 1, false) as wins,
  coalesce({applies} and all_beaten_over_all = 1, false) as wins_over_all
from beaten
"""


def _beaten(best: str) -> str:
    """1 where a course of conduct of that rank is principal over the row, else 0; null without one."""

    def bit(rank: int) -> str:
        return f"case when (beaten_by & {1 << (rank - 1)}) <> 0 then 1 else 0 end"

    return case((f"{best} = {rank}", bit(rank)) for rank in range(1, 6))


_RANKED_COLUMNS = (
    "offence_no",
    "reported_at",
    "s_period",
    "signature_no",
    "rank",
    "strength",
    "kind_no",
    "layer_no",
    "certain",
    "each_one",
    "shared",
)

_BY_ITSELF = """false as wins, 1 as place, 1 as place_over_all,
  1 as members, 1 as codes, offenders as most_offenders, flags as group_flags"""

_RANKED = f"""
with placed as (select *,
  row_number() over (partition by {PARTITION} order by case when counts then 0 else 1 end,
    case when wins and conduct_rank > 0 then 0 else 1 end, rank, offence_no) as place,
  row_number() over (partition by {PARTITION} order by
    case when wins_over_all and conduct_rank > 0 then 0 else 1 end, rank, offence_no) as place_over_all,
  count(*) over (partition by {PARTITION}) as members,
  case when min(trait_no) over (partition by {PARTITION}) <> max(trait_no) over (partition by {PARTITION})
    then 2 else 1 end as codes,
  max(case when each_one then offenders end) over (partition by {PARTITION}) as most_offenders,
  bit_or(flags) over (partition by {PARTITION}) as group_flags
from {PREFIX}weighed)
select {PARTITION}, victim_key, suspects, {", ".join(_RANKED_COLUMNS)},
  wins, place, place_over_all, members, codes, most_offenders, group_flags
from placed
union all
select {PARTITION}, victim_key, suspects, {", ".join(_RANKED_COLUMNS)}, {_BY_ITSELF}
from {PREFIX}keyed k anti join {PREFIX}several m using (incident_id, offence_no)
"""

ALONE = "''"
"""The record of an offence that no other of its incident accompanies."""

_ALONE = f"""
select incident_id, {ALONE} as record, victim as victim_key, suspect_group as suspects,
  {", ".join(_RANKED_COLUMNS)}, {_BY_ITSELF}
from ({_CONSIDERED}) c anti join {PREFIX}accompanied m using (incident_id)
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
    columns = _columns("coalesce(g.taken_bits, 0)", "coalesce(g.guest_flags, 0)")
    on = " and ".join(f"g.{name} = r.{name}" for name in KEY)
    return (
        f"select {select_list(columns)} from {PREFIX}ranked r "
        f"left join ({guests}) g on {on} where r.place = 1"
    )


def _columns(taken_bits: str, guest_flags: str) -> list[tuple[str, str]]:
    """Columns of a record, from its principal offence and from what is said of those it takes in."""
    unit_rule = case(
        (
            ("r.each_one", "'one-crime-per-offender-each'"),
            ("r.victim_key = 0", "'one-crime-per-offender'"),
            ("r.shared is not null", "'one-crime-per-unit'"),
            ("true", "'one-crime-per-victim'"),
        )
    )
    return [
        *as_they_are((*KEY, *_OF_PRINCIPAL), "r"),
        ("victim_no", "r.victim_key"),
        ("suspect_group", "r.suspects"),
        ("settled", "r.certain and r.place_over_all = 1"),
        ("copies", f"case when r.kind_no = {CRIME} and r.each_one then r.most_offenders else 1 end"),
        ("unit_rule", unit_rule),
        ("merged_by", _MERGED_BY),
        ("alone", f"r.members = 1 and {taken_bits} = 0"),
        ("taken_bits", taken_bits),
        ("flag_bits", f"r.group_flags | {guest_flags}"),
    ]


_OF_PRINCIPAL = (
    "reported_at",
    "s_period",
    "offence_no",
    "signature_no",
    "rank",
    "strength",
    "kind_no",
    "layer_no",
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
select g.incident_id, g.offence_no as principal_no, r.offence_no, 0 as guest, r.place, r.rank,
  r.signature_no, -1 as taking
from {PREFIX}groups g join {PREFIX}ranked r on {_ON_KEY}
union all
select g.incident_id, g.offence_no as principal_no, h.offence_no, 1 as guest, 0 as place, p.rank,
  p.signature_no, h.taking
from {PREFIX}hosts h
join {PREFIX}ranked r on r.incident_id = h.incident_id and r.offence_no = h.host_no
join {PREFIX}groups g on {_ON_KEY}
join {PREFIX}places p on p.incident_id = h.incident_id and p.offence_no = h.offence_no
"""
"""Every offence that counts in a record: the principal, the merged (``guest`` 0), those taken in (1)."""


def _group_offences(asked: Asked) -> str:
    """The offences of each record in which the principal is not alone, in order."""
    order = "guest, case when guest = 0 and place = 1 then 0 else 1 end, rank, offence_no"
    return (
        f"select incident_id, principal_no, {asked.dialect.list_in_order('offence_no', order)} "
        f"as offence_nos from {PREFIX}members semi join (select incident_id, offence_no as principal_no "
        f"from {PREFIX}groups where not alone) several using (incident_id, principal_no) "
        "group by incident_id, principal_no"
    )


def _group_missing(asked: Asked) -> str:
    """The facts that would settle a record of several offences that cannot be told."""
    place = case((f"fact = {text(name)}", str(number)) for number, name in enumerate(FACTS))
    fact = asked.dialect.unnest(asked.dialect.items("a.missing", ","))
    facts = (
        "select distinct incident_id, principal_no, fact from "
        f"(select m.incident_id, m.principal_no, {fact} as fact "
        f"from {PREFIX}members m join {PREFIX}groups g on g.incident_id = m.incident_id "
        f"and g.offence_no = m.principal_no join {PREFIX}answered a on a.signature_no = m.signature_no "
        "where m.guest = 0 and not g.alone and not g.settled and a.missing <> '') e"
    )
    return (
        f"select incident_id, principal_no, {asked.dialect.list_in_order('fact', place)} as missing_facts "
        f"from ({facts}) f group by incident_id, principal_no"
    )


_NUMBERED = f"""
select *, sum(copies) over (partition by incident_id order by kind_no, rank, offence_no
  rows between unbounded preceding and current row) - copies + 1 as first_no
from {PREFIX}groups
union all
select {select_list(_columns("0", "0"))}, 1 as first_no from ({_ALONE}) r
"""
