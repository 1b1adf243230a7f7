"""Real orders are read as they are, and nothing of them vanishes."""

import gzip
from decimal import Decimal

import pytest

from b1bridge.demo.shop.retail import read_retail
from b1bridge.errors import NeedsOperator

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
WHEN = "2010-12-01 08:26:00"


@pytest.fixture
def retail(tmp_path):
    def write(*rows, limit=None):
        path = tmp_path / "retail.csv.gz"
        with gzip.open(path, "wt", encoding="utf-8") as file:
            file.write(HEAD + "".join(f"{row}\n" for row in rows))
        return read_retail(path, limit)

    return write


def test_lines_of_one_invoice_become_one_cart_even_when_they_stand_apart(retail):
    read = retail(
        f"1,A,Mug,2,{WHEN},2.55,7,United Kingdom",
        f"2,X,Jug,1,{WHEN},3.00,8,France",
        f"1,a,Mug,1,{WHEN},2.55,7,United Kingdom",
    )

    assert [(c.number, [line.sku for line in c.lines]) for c in read.carts] == [
        ("1", ["A", "a"]),
        ("2", ["X"]),
    ]


def test_british_prices_include_vat_and_all_others_none(retail):
    read = retail(f"1,A,Mug,1,{WHEN},2.55,7,United Kingdom", f"2,A,Mug,1,{WHEN},2.55,8,France")

    assert [cart.lines[0].rate for cart in read.carts] == [Decimal(20), Decimal(0)]


def test_postage_is_freight_and_manual_charges_are_a_fee(retail):
    read = retail(
        f"1,A,Mug,1,{WHEN},2.55,7,United Kingdom",
        f"1,POST,POSTAGE,2,{WHEN},18.00,7,United Kingdom",
        f"1,M,Manual,1,{WHEN},1.25,7,United Kingdom",
    )

    [cart] = read.carts
    assert cart.shipping.cost == Decimal("36.00")
    assert [(fee.name, fee.cost) for fee in cart.fees] == [("Manual", Decimal("1.25"))]
    assert [line.sku for line in cart.lines] == ["A"]


def test_a_gift_voucher_is_sold_without_tax(retail):
    read = retail(f"1,gift_0001_30,Voucher,1,{WHEN},30.00,,United Kingdom")

    [line] = read.carts[0].lines
    assert line.gift_certificate
    assert line.rate == 0


def test_goods_are_given_back_from_the_latest_order_that_holds_them_at_that_price(retail):
    read = retail(
        f"1,A,Mug,5,{WHEN},2.55,7,United Kingdom",
        f"2,A,Mug,2,{WHEN},2.55,7,United Kingdom",
        f"3,A,Mug,9,{WHEN},2.10,7,United Kingdom",
        f"C4,A,Mug,-3,{WHEN},2.55,7,United Kingdom",
    )

    assert [(g.number, g.after, g.order, g.pieces, g.amount) for g in read.given_back] == [
        ("C4", 3, "2", (("A", 2),), 0),
        ("C4", 3, "1", (("A", 1),), 0),
    ]
    assert len(read.carts) == 3


def test_what_is_no_goods_is_an_amount_off_an_order_with_so_much_left(retail):
    read = retail(
        f"1,A,Mug,9,{WHEN},2.00,7,United Kingdom",
        f"2,A,Mug,1,{WHEN},2.00,7,United Kingdom",
        f"C3,D,Discount,-1,{WHEN},5.00,7,United Kingdom",
    )

    [given] = read.given_back
    assert (given.order, given.pieces, given.amount) == ("1", (), Decimal("5.00"))


def test_what_no_earlier_order_holds_stays_a_document_below_zero(retail):
    read = retail(
        f"1,A,Mug,1,{WHEN},2.00,7,United Kingdom",
        f"C2,A,Mug,-3,{WHEN},2.00,7,United Kingdom",
        f"C3,M,Manual,-1,{WHEN},50.00,,United Kingdom",
        f"A8,B,Adjust bad debt,1,{WHEN},-11.00,,United Kingdom",
    )

    rest, manual, debt = read.carts[1:]
    assert [(line.sku, line.quantity) for line in rest.lines] == [("A", -2)]
    assert [fee.cost for fee in manual.fees] == [Decimal("-50.00")]
    assert [fee.cost for fee in debt.fees] == [Decimal("-11.00")]
    assert [given.pieces for given in read.given_back] == [(("A", 1),)]


def test_a_shopper_without_a_number_is_a_guest_without_an_e_mail(retail):
    read = retail(f"1,A,Mug,1,{WHEN},2.55,,United Kingdom")

    assert read.carts[0].email == ""


def test_a_file_that_is_not_there_is_named_with_the_way_out(tmp_path):
    with pytest.raises(NeedsOperator, match=r"none\.csv\.gz") as caught:
        read_retail(tmp_path / "none.csv.gz")

    assert "online_retail" in caught.value.fix


@pytest.mark.slow
def test_the_real_file_gives_every_order(shared):
    read = read_retail(shared / "data" / "uci_online_retail.csv.gz")

    sold = [cart for cart in read.carts if not cart.number.startswith("C")]
    assert len(sold) == 22_061 + 3
    assert max(len(cart.lines) for cart in read.carts) > 1_000
    prices = {(c.number, line.sku): line.price for c in read.carts for line in reversed(c.lines)}
    back = sum(
        sum(prices[given.order, sku] * pieces for sku, pieces in given.pieces) + given.amount
        for given in read.given_back
    )
    total = sum(
        sum(line.price * line.quantity for line in cart.lines)
        + sum(extra.cost for extra in (cart.shipping, *cart.fees))
        for cart in read.carts
    )
    assert round(total - back, 2) == Decimal("9747747.93")
