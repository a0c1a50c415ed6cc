"""Every command, in the order the help shows them."""

from __future__ import annotations

import typer

from opencdi.cli import (
    audit,
    compare,
    country,
    country_estimate,
    country_sample,
    decide,
    discover,
    discover_simulate,
    estimate,
    frame,
    init,
    ledger,
    link_train,
    publish,
    review,
    rules,
    score,
    sign,
    simulate,
    status,
    study,
    verify,
)


def register(app: typer.Typer) -> None:
    """Give the command line its commands; one that has them already is left as it is."""
    if app.registered_commands:
        return
    app.command("simulate")(simulate.simulate)
    app.command("init")(init.init)
    app.command("audit")(audit.audit)
    app.command("country")(country.country)
    app.command("country-frame")(country_sample.country_frame)
    app.command("country-seed")(country_sample.country_seed)
    app.command("country-estimate")(country_estimate.country_estimate)
    app.command("status")(status.status)
    app.command("score")(score.score)
    app.command("link-train")(link_train.link_train)
    app.command("discover")(discover.discover)
    app.command("discover-simulate")(discover_simulate.discover_simulate)
    app.command("plan")(frame.plan)
    app.command("frame")(frame.frame)
    app.command("seed")(frame.seed)
    app.command("estimate")(estimate.estimate)
    app.command("verify")(verify.verify)
    app.command("publish")(publish.publish)
    app.command("sign")(sign.sign)
    app.command("decide")(decide.decide)
    app.add_typer(rules.app, name="rules")
    app.add_typer(review.app, name="review")
    app.add_typer(ledger.app, name="ledger")
    app.add_typer(compare.app, name="compare")
    app.add_typer(study.app, name="study")
