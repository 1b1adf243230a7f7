"""`b1bridge customers`: duplicate accounts, and which one a shopper's orders go to."""

from __future__ import annotations

import csv
import sys
from typing import Annotated

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.report_stock import Form, Format
from b1bridge.cli.screen import AsJson, counted, say, say_json, say_table
from b1bridge.cli.session import who, with_hub
from b1bridge.domain.customers import BusinessPartner
from b1bridge.domain.duplicates import Cluster
from b1bridge.domain.partners import told

customers = typer.Typer(help="Shoppers and their business partners.", no_args_is_help=True)
_COLUMNS = ("cluster", "keep", "code", "name", "e-mail", "phone", "tax id", "balance", "shared")

_Shopper = Annotated[str, typer.Argument(help="SHOP/customer/ID, or the e-mail of a guest.")]
_Books = Annotated[str, typer.Option(help="The books, where there are several.")]


@customers.command("duplicates")
def duplicates(
    ctx: typer.Context,
    connection: Annotated[str, typer.Argument(help="The books.")],
    form: Form = Format.TABLE,
) -> None:
    """List accounts that share a tax id, an e-mail, or a phone number with the name.

    The account to keep comes first: not frozen, with a balance. Merge the others in SAP, and
    relink their shoppers. Nothing is written.

    Example: b1bridge customers duplicates sap-eu --format csv
    """
    found = with_hub(ctx, lambda hub: hub.customers.duplicates(connection))
    if form is Format.JSON:
        say_json(found)
    elif form is Format.CSV:
        writer = csv.writer(sys.stdout)
        writer.writerow(_COLUMNS)
        writer.writerows(row for at, one in enumerate(found, 1) for row in _rows(at, one))
    else:
        _say_clusters(found)


@customers.command("show")
def show(
    ctx: typer.Context, shopper: _Shopper, books: _Books = "", *, as_json: AsJson = False
) -> None:
    """Show which account the next order of a shopper goes to, and how that is known.

    Example: b1bridge customers show shop-eu/customer/7
    """
    found = with_hub(ctx, lambda hub: hub.customers.show(shopper, books))
    if as_json:
        say_json(found)
    elif not found.partners:
        say(f"No account in {found.books} is theirs yet: the next order opens one.")
    else:
        say(f"{found.name} {found.email}, by {found.known}:".lstrip())
        for partner in found.partners:
            say(f"  {_told(partner)}")
        if len(found.partners) > 1:
            say(f"Next: b1bridge customers relink {shopper} --to CODE")


@customers.command("relink")
def relink(
    ctx: typer.Context,
    shopper: _Shopper,
    to: Annotated[str, typer.Option("--to", metavar="CODE", help="The account to go to.")],
    books: _Books = "",
) -> None:
    """Let the future orders of a shopper go to another account; what is posted stays.

    Example: b1bridge customers relink shop-eu/customer/7 --to C20000
    """

    async def work(hub: Hub) -> BusinessPartner:
        return await hub.customers.relink(shopper, to, who(), books)

    partner = with_hub(ctx, work)
    say(f"✓ {shopper} is {_told(partner)} from now on")
    say("  What is posted already stays where it is: move it in SAP if need be.")


def _say_clusters(found: list[Cluster]) -> None:
    for number, one in enumerate(found, 1):
        say(f"{number}. {', '.join(one.shared)}", style="bold")
        say_table(
            ("keep", "code", "name", "e-mail", "phone", "tax id", "#balance"),
            [row[1:-1] for row in _rows(number, one)],
        )
    say(f"{counted(len(found), 'cluster')} of accounts that may be one customer")
    if found:
        say("Next: merge them in SAP, then b1bridge customers relink SHOPPER --to CODE")


def _rows(number: int, one: Cluster) -> list[tuple[object, ...]]:
    return [
        (
            number,
            "keep" if partner.code == one.keep else "frozen" if partner.frozen else "",
            partner.code,
            partner.name,
            partner.email,
            partner.phone,
            partner.tax_id,
            f"{partner.balance:.2f}",
            "; ".join(one.shared),
        )
        for partner in one.partners
    ]


def _told(partner: BusinessPartner) -> str:
    return told(partner) + (", frozen" if partner.frozen else "")
