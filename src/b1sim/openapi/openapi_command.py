"""`b1sim openapi` prints what b1sim answers, for tools that read OpenAPI."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from b1sim.company.company import Company
from b1sim.odata.versions import VERSIONS
from b1sim.openapi.document import openapi_of


class Spelling(StrEnum):
    """The version to describe."""

    V1 = "v1"
    V2 = "v2"


def openapi(
    version: Annotated[Spelling, typer.Option(help="Version of the Service Layer.")] = Spelling.V2,
) -> None:
    """Print the OpenAPI document of what b1sim answers."""
    company = Company.open(seed=False)
    try:
        typer.echo(json.dumps(openapi_of(company, VERSIONS[version.value]), indent=1))
    finally:
        company.close()
