"""The goods and partners of the demo company; every name is invented."""

from collections.abc import Iterator
from random import Random
from typing import Any

_MAKES = ("Nordlicht", "Kranich", "Ulmenhof", "Brisa", "Föhrwerk", "Tidal", "Auerhahn", "Lumo")
_GOODS = (
    ("TEA", "loose leaf tea", ("Earl Grey", "Assam", "Rooibos", "Minze"), 6, "A7"),
    ("COF", "coffee beans", ("250 g", "500 g", "1 kg"), 9, "A7"),
    ("MUG", "stoneware mug", ("blue", "sand", "grün"), 12, "A20"),
    ("LMP", "desk lamp", ('12" arm', '18" arm'), 49, "A20"),
    ("BAG", "canvas bag", ("small", "large"), 24, "A20"),
    ("NTB", "notebook", ("A5 dotted", "A5 ruled", "A4 plain"), 8, "A20"),
    ("CBL", 'charging cable "Flex"', ("0.5 m", "1 m", "2 m"), 11, "A20"),
    ("TWL", "linen towel", ("50 x 70", "70 x 140"), 18, "A20"),
    ("BRD", "chopping board", ("oak", "beech", "Nußbaum"), 32, "A20"),
    ("CDL", "beeswax candle", ("10 cm", "20 cm"), 7, "A20"),
)
_SPECIAL: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("BATCH-HONEY", "Blütenhonig 500 g, by batch", "8.90", {"ManageBatchNumbers": "tYES"}),
    ("BATCH-JAM", "Quince jam 250 g, by batch", "5.40", {"ManageBatchNumbers": "tYES"}),
    ("SERIAL-GRIND", "Coffee grinder, by serial", "189.00", {"ManageSerialNumbers": "tYES"}),
    ("SERIAL-SCALE", "Kitchen scale, by serial", "64.50", {"ManageSerialNumbers": "tYES"}),
    ("FROZEN-PAN", "Iron pan (discontinued)", "39.00", {"Frozen": "tYES", "Valid": "tNO"}),
    ("GONE-KETTLE", "Enamel kettle, out of stock", "45.00", {}),
    ("GONE-CLOCK", 'Wall clock 12", out of stock', "58.00", {}),
    ("GIFTWRAP", "Gift wrapping", "3.50", {"InventoryItem": "tNO"}),
    ("GIFTCARD", "Gift card", "50.00", {"InventoryItem": "tNO", "SalesVATGroup": "A0"}),
    ("REPAIR-H", "Repair, per hour", "72.00", {"InventoryItem": "tNO"}),
)
SOLD_OUT = ("FROZEN-PAN", "GONE-KETTLE", "GONE-CLOCK")
_FIRMS = (
    ("Müller & Söhne Haushaltswaren", "Köln", "DE"),
    ("Café Zwölf", "Wien", "AT"),
    ("Kontor Elbufer", "Hamburg", "DE"),
    ("Librairie du Quai", "Strasbourg", "FR"),
    ("O'Hara Kitchen Supply", "Dublin", "IE"),
    ("Peña y Hijos", "Girona", "ES"),
    ("Ångström Design", "Malmö", "SE"),
    ("Waldhotel Tannegg", "Freiburg", "DE"),
    ("Dorfladen Unterried", "Innsbruck", "AT"),
    ("Stadtbücherei Neuhaven", "Bremen", "DE"),
    ("Buurtwinkel De Lelie", "Utrecht", "NL"),
    ("Atelier Čermák", "Praha", "CZ"),
)
_SUPPLIERS = ("Teehandel Ostwind", "Kerzenzieherei Immen", "Tiefbrand Keramik")
BUYERS = tuple(f"C{number:05d}" for number in range(10001, 10001 + len(_FIRMS)))
WEB_CUSTOMER = "WEB"
SIMPLE = [
    f"{code}-{make[:3].upper()}{index}"
    for code, _, variants, _, _ in _GOODS
    for make in _MAKES
    for index in range(1, len(variants) + 1)
]


def items(chance: Random) -> Iterator[dict[str, Any]]:
    """List the goods: a few hundred plain ones, and one of each awkward sort."""
    for code, noun, variants, price, vat_group in _GOODS:
        for make in _MAKES:
            for index, variant in enumerate(variants, 1):
                cents = chance.choice((0, 50, 90, 95, 99))
                yield {
                    "ItemCode": f"{code}-{make[:3].upper()}{index}",
                    "ItemName": f"{make} {noun}, {variant}",
                    "SalesVATGroup": vat_group,
                    "BarCode": f"40{chance.randrange(10**11):011d}",
                    "DefaultWarehouse": "01",
                    "ItemPrices": [{"PriceList": 1, "Price": f"{price + index}.{cents:02d}"}],
                }
    for code, name, listed, properties in _SPECIAL:
        prices = [{"PriceList": 1, "Price": listed}]
        yield (
            {"ItemCode": code, "ItemName": name, "SalesVATGroup": "A20"}
            | properties
            | {"ItemPrices": prices}
        )


def partners(chance: Random) -> Iterator[dict[str, Any]]:
    """List customers, suppliers, a lead, and the collective partner of the web store."""
    for code, (name, city, country) in zip(BUYERS, _FIRMS, strict=True):
        yield _customer(chance, code, name, city, country)
    for number, name in enumerate(_SUPPLIERS, 20001):
        yield {"CardCode": f"V{number}", "CardName": name, "CardType": "cSupplier"} | {
            "GroupCode": 101,
            "Currency": "EUR",
            "DebitorAccount": "_SYS00000000102",
        }
    yield {"CardCode": "L30001", "CardName": "Hofladen Sünje", "CardType": "cLid"}
    yield {"CardCode": WEB_CUSTOMER, "CardName": "Web store customers", "Currency": "##"} | {
        "CardType": "cCustomer",
        "PriceListNum": 3,
    }


def _customer(chance: Random, code: str, name: str, city: str, country: str) -> dict[str, Any]:
    place = {"City": city, "Country": country, "ZipCode": f"{chance.randrange(10000, 99999)}"}
    street = {"Street": f"Marktstraße {chance.randrange(1, 120)}"}
    bill_to = {"AddressName": "Bill To", "AddressType": "bo_BillTo"}
    ship_to = {"AddressName": "Ship To", "AddressType": "bo_ShipTo"}
    return {
        "CardCode": code,
        "CardName": name,
        "CardType": "cCustomer",
        "Currency": "EUR",
        "PriceListNum": chance.choice((1, 2)),
        "PayTermsGrpCode": chance.choice((1, 2, 3)),
        "CreditLimit": "10000",
        "EmailAddress": f"einkauf@{code.lower()}.example",
        "BPAddresses": [bill_to | street | place, ship_to | street | place],
        "ContactEmployees": [{"Name": "Purchasing", "E_Mail": f"p@{code.lower()}.example"}],
    }
