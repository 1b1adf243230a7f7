"""Crosswalks, syncs and look-ups by typing, on a hub that has not worked yet."""

import pytest


def test_codes_are_entered_shown_and_taken_out(initialised):
    initialised("crosswalk", "set", "tax", "20", "A20")

    assert "20     A20" in initialised("crosswalk", "show", "tax").stdout
    assert initialised("crosswalk", "list", "--json").stdout == '{\n  "tax": 1\n}\n'
    assert initialised("crosswalk", "unset", "tax", "20").exit_code == 0
    assert "Nothing in tax yet" in initialised("crosswalk", "show", "tax").stdout


def test_taking_out_what_is_not_there_is_told(initialised):
    done = initialised("crosswalk", "unset", "tax", "20")

    assert done.exit_code == 2
    assert "'20' has no entry in the tax crosswalk" in done.stderr


@pytest.mark.parametrize("start", ["", "\ufeff", "code,other\n"])
def test_a_file_of_codes_is_entered(start, initialised, tmp_path):
    file = tmp_path / "skus.csv"
    file.write_text(f'{start}"T-SHIRT, RED",A-100\n ÄPFEL , A-101 \n\n', encoding="utf-8")

    done = initialised("crosswalk", "import", "sku", file)

    assert "2 pairs entered" in done.stdout
    shown = initialised("crosswalk", "show", "sku", "--json").stdout
    assert '"T-SHIRT, RED": "A-100"' in shown
    assert '"ÄPFEL": "A-101"' in shown


@pytest.mark.parametrize("line", ["only-one", "a,b,c", "a,", ",b"])
def test_a_wrong_line_is_named_and_nothing_is_entered(line, initialised, tmp_path):
    file = tmp_path / "skus.csv"
    file.write_text(f"good,A-1\n{line}\n")

    done = initialised("crosswalk", "import", "sku", file)

    assert done.exit_code == 2
    assert "line 2" in done.stderr
    assert initialised("crosswalk", "list", "--json").stdout == "{}\n"


@pytest.mark.parametrize(
    "words",
    [
        ("sync", "list"),
        ("crosswalk", "list"),
        ("connections",),
        ("runs", "list"),
        ("cases", "list"),
        ("status",),
    ],
    ids=" ".join,
)
def test_an_empty_list_says_so_in_a_sentence(words, initialised):
    done = initialised(*words)

    assert done.exit_code == 0
    assert done.stdout.strip().endswith((".", "NAME", "TARGET", "OTHER"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("sync", "enable", "eu"), "there is no sync 'eu'"),
        (("cases", "show", "7"), "there is no case 7"),
        (("cases", "retry", "7"), "there is no case 7"),
        (("cases", "retry"), "no case is chosen"),
        (("runs", "start", "eu", "shop/order/1"), "eu"),
        (("connections", "pause", "sap"), "sap"),
        (("doctor", "sap"), "sap"),
        (("sync", "add", "eu", "--flow", "a-to-b", "--from", "x", "--to", "y"), "a-to-b"),
        (("sync", "order-to-invoice"), "order-to-invoice"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_not_there_is_named_with_a_way_out(words, told, initialised):
    done = initialised(*words)

    assert done.exit_code == 2
    assert told in done.stderr
    assert "Way out:" in done.stderr


def test_an_unknown_number_has_no_story(initialised):
    done = initialised("trail", "4711")

    assert done.exit_code == 1
    assert "'4711'" in done.stdout
