"""``audit.toml``: what one audit is of, and how it is done."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from opencdi.errors import UserError


class Strict(BaseModel):
    """A settings section: an unknown key is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Export(Strict):
    """One kind of export: the files and the profile that says how to read them."""

    table: Literal["incidents", "crimes"]
    files: list[str] = Field(
        min_length=1,
        description="Paths, relative to the audit's folder, with globs; or postgres://SERVER/DATABASE#TABLE",
    )
    profile: str = Field(description="Mapping profile, relative to the audit's folder")


class Period(Strict):
    """Reports from the first day to the last, both included, in Europe/London."""

    first_day: date
    last_day: date


class Counting(Strict):
    edition: str = Field("by-date", description="An edition such as 2023-05, or by-date: the one in force")


class Linkage(Strict):
    weights: str = Field("default", description="default, or a weights file from `opencdi link-train`")
    window_before_hours: float = Field(1.0, ge=0)
    window_after_days: float = Field(28.0, gt=0)
    reference_window_after_days: float = Field(
        366.0, gt=0, description="How long after the report a crime that names the incident may be recorded"
    )


class Sample(Strict):
    """The random sample: fixed, with the frame, before the seed is known."""

    design: Literal["simple", "proportional", "neyman", "pareto"] = "neyman"
    readings: int = Field(1000, ge=1, description="Incidents to read, besides the census groups")
    strata: list[Literal["channel", "opening_group", "score_band"]] = [
        "channel",
        "score_band",
        "opening_group",
    ]
    """Cut the frame by these besides kind of record and offence group; joined in this order where small."""
    score_bands: int = Field(5, ge=1, le=20)
    minimum: int = Field(10, ge=2, description="Least readings a stratum")
    uniform_share: float = Field(
        0.4, ge=0.0, le=1.0, description="Part of the allocation that ignores the score"
    )
    census: list[str] = Field(
        [], description="Groups of which every incident is read, such as rape, n100, cancelled"
    )


class Resources(Strict):
    engine: Literal["duckdb", "spark"] = Field("duckdb", description="Where tables are computed")
    scratch: str | None = Field(
        None,
        description="For Spark on a cluster: a place every executor reaches, such as s3a://BUCKET/scratch",
    )
    memory_limit: str | None = Field(
        None, description="Memory the engine may use, such as 4GB; it spills beyond"
    )
    threads: int | None = Field(None, ge=1)
    incidents_a_part: int = Field(
        6_000,
        ge=1,
        description="Incidents a part of a table holds at least, on average; a part is some days",
    )


class Audit(Strict):
    """The whole of ``audit.toml``."""

    force: str = Field(min_length=1)
    period: Period | None = None
    exports: list[Export] = Field(min_length=1)
    counting: Counting = Counting()
    linkage: Linkage = Linkage()
    sample: Sample = Sample()
    resources: Resources = Resources()


Model = TypeVar("Model", bound=BaseModel)


def load_toml(path: Path) -> dict[str, object]:
    """A TOML file as a dictionary. Raises ``UserError`` naming the file and the place."""
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        made = ", or make it with `opencdi init`" if path.name == "audit.toml" else ""
        raise UserError(f"There is no file {path}. Check the name{made}.") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}. Give a file that can.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not valid TOML: {error}. Mend that place and run again.") from None


def validated(model: type[Model], values: dict[str, object], path: Path) -> Model:
    """``values`` as a settings model. Raises ``UserError`` naming the first wrong key."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole file"
        if first["type"] == "extra_forbidden":
            raise UserError(f"{path}: unknown key `{place}`. Remove it or correct its spelling.") from None
        message = first["msg"].removeprefix("Value error, ")
        raise UserError(f"{path}: `{place}`: {message}.") from None


def load_audit(path: Path) -> Audit:
    """Read and check ``audit.toml``."""
    return validated(Audit, load_toml(path), path)
