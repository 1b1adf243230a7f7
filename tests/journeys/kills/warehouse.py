"""A clerk at SAP's own door, who sends goods whether the hub lives or not."""

import httpx

from b1bridge.demo.shop.configuring import Keys
from b1bridge.demo.shop.settings import SHOP

KEYS = Keys(fingerprint="")


class Warehouse:
    """Delivers what sales orders hold; while SAP is away or says no, nothing leaves."""

    def __init__(self, url):
        self._url = url

    async def sends(self, order, quantity_of, tracking):
        """Deliver so much of each row of an order; return the delivery's entry, 0 for none."""
        async with httpx.AsyncClient(base_url=f"{self._url}/b1s/v2/", timeout=60) as desk:
            if not await logged_in(desk):
                return 0
            found = await desk.get(
                "Orders", params={"$filter": f"NumAtCard eq '{SHOP}/order/{order}'"}
            )
            open_ = [one for one in found.json()["value"] if one["DocumentStatus"] == "bost_Open"]
            if not open_:
                return 0
            entry, rows = open_[0]["DocEntry"], open_[0]["DocumentLines"]
            lines = [
                {"BaseType": 17, "BaseEntry": entry, "BaseLine": row["LineNum"]}
                | {"Quantity": quantity_of(row)}
                for row in rows
                if row["LineStatus"] == "bost_Open"
            ]
            head = {"CardCode": open_[0]["CardCode"], "TrackingNumber": tracking}
            made = await desk.post("DeliveryNotes", json=head | {"DocumentLines": lines})
            return made.json()["DocEntry"] if made.is_success else 0

    async def relabels(self, entry, tracking):
        """Give a delivery another tracking number; tell whether SAP took it."""
        async with httpx.AsyncClient(base_url=f"{self._url}/b1s/v2/", timeout=60) as desk:
            changes = {"TrackingNumber": tracking}
            return (
                await logged_in(desk)
                and (await desk.patch(f"DeliveryNotes({entry})", json=changes)).is_success
            )

    async def cancels(self, entry):
        """Cancel a delivery; tell whether SAP let it."""
        async with httpx.AsyncClient(base_url=f"{self._url}/b1s/v2/", timeout=60) as desk:
            return (
                await logged_in(desk)
                and (await desk.post(f"DeliveryNotes({entry})/Cancel")).is_success
            )


async def logged_in(desk):
    """Log in; False while SAP is away."""
    login = {"CompanyDB": KEYS.company, "UserName": KEYS.user, "Password": KEYS.password}
    return (await desk.post("Login", json=login)).is_success
