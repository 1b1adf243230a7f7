"""Special prices and discount groups; tables and columns as in SAP's SDK help (OSPP, AEDG, ADG1).

Special prices for all partners are records too: their CardCode is an asterisk and the number of
the price list.
"""

from b1sim.company.shape.area import Area, Shelf

_OF_PRICE = (("ItemCode", "ItemCode"), ("CardCode", "CardCode"))

PRICES = Area(
    tables={"SpecialPrices": "OSPP", "EnhancedDiscountGroups": "OEDG"},
    shelves={
        "SpecialPrices": {
            "SpecialPriceDataAreas": Shelf(
                "SPP1",
                "RowNumber",
                _OF_PRICE,
                inner={
                    "SpecialPriceQuantityAreas": Shelf(
                        "SPP2", "RowNumber", (*_OF_PRICE, ("SPP1LNum", "LINENUM"))
                    )
                },
            )
        },
        # SAP's key of these rows holds their object type too; here a group cannot name an item
        # group and a manufacturer of the same number.
        "EnhancedDiscountGroups": {
            "DiscountGroupLineCollection": Shelf("EDG1", "ObjectCode", (("AbsEntry", "AbsEntry"),))
        },
    },
    columns={
        "SpecialPrice": """ItemCode CardCode Price Currency DiscountPercent:Discount
            PriceListNum:ListNum AutoUpdate:AutoUpdt SourcePrice:SrcPrice Valid ValidFrom
            ValidTo""",
        "SpecialPriceDataArea": """ItemNo:ItemCode BPCode:CardCode RowNumber:LINENUM
            SpecialPrice:Price PriceCurrency:Currency Discount PriceListNo:ListNum
            DateFrom:FromDate Dateto:ToDate AutoUpdate:AutoUpdt""",
        "SpecialPriceQuantityArea": """ItemNo:ItemCode BPCode:CardCode SPDARowNumber:SPP1LNum
            RowNumber:SPP2LNum Quantity:Amount SpecialPrice:Price PriceCurrency:Currency
            Discountin:Discount UoMEntry:UomEntry""",
        "EnhancedDiscountGroup": """AbsEntry Type ObjectCode:ObjCode DiscountRelations:DiscRel
            Active:ValidFor ValidFrom:ValidForm ValidTo""",
        "DiscountGroupLine": """AbsEntry ObjectType:ObjType ObjectCode:ObjKey
            DiscountType:DiscType Discount PaidQuantity:PayFor FreeQuantity:ForFree
            MaximumFreeQuantity:UpTo""",
    },
    read_only={
        "SpecialPriceDataArea": "ItemNo BPCode",
        "SpecialPriceQuantityArea": "ItemNo BPCode SPDARowNumber",
        "DiscountGroupLine": "AbsEntry",
    },
    max_lengths={
        "SpecialPrice": {"ItemCode": 50, "CardCode": 15},
        "EnhancedDiscountGroup": {"ObjectCode": 15},
        "DiscountGroupLine": {"ObjectCode": 50},
    },
    defaults={
        "OSPP": {"Valid": "Y", "AutoUpdt": "Y", "SrcPrice": "0", "Discount": 0.0},
        "OEDG": {"Type": "A", "DiscRel": "L", "ValidFor": "Y"},
    },
    uses={"OITM": (("OSPP", "ItemCode"),)},
)
