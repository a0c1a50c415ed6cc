"""The population of an audit: one row an incident, as the sampling frame needs it.

An incident's reported group is that of the most serious crime required of it or recorded from it, so
that a group's recording rate can be planned and drawn on its own. Its score is what the machine
expects before anyone reads: the confidence of its firmest lead that a required crime is missing.
"""

from __future__ import annotations

from opencdi import schema
from opencdi.comparison.beside import has_words
from opencdi.counting import classification
from opencdi.engine import Dialect, Relation, Step, known_table

NO_CRIME = "no crime disclosed"
"""The reported group of incidents with no crime required or recorded; it is drawn from like any other."""

SCORE_WITHOUT_LEAD = 0.02
"""Expected chance of a missing crime where the machine has no lead: it is never zero, since what no
lead points at is what an audit is for."""

LEADS_TO_MISSING = (
    "missing",
    "additional_missing",
    "n100_instead_of_crime",
    "wrongly_cancelled",
    "cannot_tell",
)

_VIOLENCE = {
    "Homicide": "violence with injury",
    "Violence with injury": "violence with injury",
    "Violence without injury": "violence without injury",
    "Stalking and harassment": "stalking and harassment",
    "Rape": "rape",
    "Other sexual offences": "other sexual offences",
}


def reported_group(offence_group: str, offence_subgroup: str) -> str:
    """The reported group of an offence: violence and sexual offences by subgroup, the rest by group."""
    return _VIOLENCE.get(offence_subgroup, offence_group.lower())


def population(
    incidents: Relation, required: Relation, links: Relation, crimes: Relation, findings: Relation
) -> Relation:
    """One row an incident, under ``schema.POPULATION``."""
    engine = incidents.engine
    engine.run(
        [
            _reported_classes(engine.dialect),
            _expected(required),
            _recorded(links, crimes),
            _leads(findings),
            _population(incidents),
        ]
    )
    return engine.relation(schema.POPULATION, "population_incidents")


def _reported_classes(dialect: Dialect) -> Step:
    known = classification.load().classes.values()
    rows = (
        (each.class_code, reported_group(each.group, each.subgroup), each.seriousness)
        for each in sorted(known, key=lambda each: each.class_code)
    )
    columns: dict[str, schema.Kind] = {
        "class_code": "text",
        "offence_group": "text",
        "seriousness": "integer",
    }
    return known_table("population_classes", columns, rows, dialect)


def _expected(required: Relation) -> Step:
    return Step(
        "population_expected",
        f"""
        select required.incident_id,
            min_by(classes.offence_group, classes.seriousness * 1000000 + required_no) as offence_group,
            sum(case when record_as = 'crime' then 1 else 0 end) as required,
            max(case when record_as = 'n100' then 1 else 0 end) as n100,
            max(case when {required.engine.dialect.contains("flags_due", "'domestic_abuse'")}
                then 1 else 0 end) as domestic_abuse
        from {required.name} as required
        join population_classes as classes on classes.class_code = required.class_code
        where record_as in ('crime', 'n100')
        group by required.incident_id
        """,
    )


def _recorded(links: Relation, crimes: Relation) -> Step:
    """A record of no known class comes after all others."""
    gravest = "cast(coalesce(classes.seriousness, 9) as string) || links.crime_id"
    return Step(
        "population_recorded",
        f"""
        select links.incident_id, min_by(classes.offence_group, {gravest}) as offence_group,
            max(case when status = 'n100' then 1 else 0 end) as n100,
            max(case when status = 'cancelled' then 1 else 0 end) as cancelled,
            max(case when {crimes.engine.dialect.contains("flags", "'domestic_abuse'")}
                then 1 else 0 end) as domestic_abuse
        from {links.name} as links
        join {crimes.name} as crimes on crimes.crime_id = links.crime_id
        left join population_classes as classes on classes.class_code = crimes.class_code
        where links.link_class in ('clear', 'ambiguous')
        group by links.incident_id
        """,
    )


def _leads(findings: Relation) -> Step:
    kinds = ", ".join(f"'{kind}'" for kind in LEADS_TO_MISSING)
    return Step(
        "population_leads",
        f"""
        select incident_id, max(confidence) as score from {findings.name}
        where incident_id is not null and kind in ({kinds}) group by incident_id
        """,
    )


def _population(incidents: Relation) -> Step:
    return Step(
        "population_incidents",
        f"""
        select
            incidents.incident_id,
            case when not auditable then 'not_auditable'
                when not {has_words("narrative")} then 'no_narrative'
                else 'ordinary' end as kind,
            case when coalesce(recorded.cancelled, 0) = 1 then 'cancelled'
                when coalesce(expected.n100, 0) = 1 or coalesce(recorded.n100, 0) = 1 then 'n100'
                else 'ordinary' end as record,
            incidents.channel,
            incidents.opening_group,
            coalesce(expected.offence_group, recorded.offence_group, '{NO_CRIME}') as offence_group,
            coalesce(expected.domestic_abuse, 0) = 1 or coalesce(recorded.domestic_abuse, 0) = 1
                as domestic_abuse,
            coalesce(expected.required, 0) as required,
            greatest({SCORE_WITHOUT_LEAD}, least(0.98, coalesce(leads.score, 0))) as score
        from {incidents.name} as incidents
        left join population_expected as expected on expected.incident_id = incidents.incident_id
        left join population_recorded as recorded on recorded.incident_id = incidents.incident_id
        left join population_leads as leads on leads.incident_id = incidents.incident_id
        """,
    )
