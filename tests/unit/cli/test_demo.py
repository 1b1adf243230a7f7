"""The demo's words: which stories there are, and which option belongs to which."""


def test_a_story_that_nobody_tells_is_refused_with_those_there_are(b1bridge):
    shown = b1bridge("demo", "--connector", "fax")

    assert shown.exit_code == 2
    assert "bigcommerce" in shown.output
    assert "pipedrive" in shown.output


def test_an_option_of_the_shop_is_refused_where_it_means_nothing(b1bridge):
    shown = b1bridge("demo", "--connector", "pipedrive", "--replay", "5")

    assert shown.exit_code == 2
    assert "--replay" in shown.output
    assert "shop" in shown.output
