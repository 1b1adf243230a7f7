"""A caller gets so many requests a minute, and never more than its share."""

from hypothesis import given
from hypothesis import strategies as st

from b1bridge.sdk.quota import Quota


class Seconds:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_minutes_worth_may_come_at_once_and_then_one_at_a_time():
    seconds = Seconds()
    quota = Quota(seconds)

    assert [quota.take("erp", 3) for _ in range(3)] == [0, 0, 0]
    wait = quota.take("erp", 3)
    assert wait == 20
    seconds.now += wait
    assert quota.take("erp", 3) == 0
    assert quota.take("erp", 3) > 0


def test_callers_do_not_pay_for_each_other():
    quota = Quota(Seconds())
    quota.take("loud", 1)

    assert quota.take("loud", 1) > 0
    assert quota.take("quiet", 1) == 0


def test_a_lower_limit_counts_at_once():
    quota = Quota(Seconds())
    quota.take("erp", 600)

    assert [quota.take("erp", 1) == 0 for _ in range(2)] == [True, False]


@given(
    per_minute=st.integers(1, 6000),
    pauses=st.lists(st.floats(0, 200, allow_nan=False), max_size=60),
)
def test_never_more_is_let_through_than_the_time_allows(per_minute, pauses):
    seconds = Seconds()
    quota = Quota(seconds)
    let_through = 0
    for pause in pauses:
        seconds.now += pause
        let_through += quota.take("erp", per_minute) == 0

    assert let_through <= per_minute + seconds.now * per_minute / 60 + 1e-6
