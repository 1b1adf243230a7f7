"""Users: a code, a password that nobody reads, and people who refer to them."""

import pytest

from b1sim.company.refusals import Refusal

ANNA = {"UserCode": "anna", "UserName": "Anna", "UserPassword": "secret"}


def test_a_new_user_can_log_in(office):
    made = office.company.create("Users", ANNA)

    assert office.company.knows_user("anna", "secret")
    assert not office.company.knows_user("anna", "wrong")
    assert (made["Superuser"], made["Locked"]) == ("tNO", "tNO")


def test_a_password_is_never_read_back(office):
    made = office.company.create("Users", ANNA)

    assert made["UserPassword"] is None
    assert "secret" not in str(office.company.query("Users"))


def test_a_locked_user_stays_outside(office):
    key = {"InternalKey": office.company.create("Users", ANNA)["InternalKey"]}

    office.company.patch("Users", key, {"Locked": "tYES"})

    assert not office.company.knows_user("anna", "secret")


def test_a_changed_password_counts_at_once(office):
    office.company.patch("Users", {"InternalKey": 1}, {"UserPassword": "fresh"})

    assert office.company.knows_user("manager", "fresh")
    assert not office.company.knows_user("manager", "b1sim")


def test_a_deleted_user_is_gone(office):
    key = {"InternalKey": office.company.create("Users", ANNA)["InternalKey"]}

    office.company.delete("Users", key)

    assert not office.company.knows_user("anna", "secret")


def test_a_code_belongs_to_one_user(office):
    office.company.create("Users", ANNA)

    with pytest.raises(Refusal) as caught:
        office.company.create("Users", ANNA | {"UserPassword": "mine"})

    assert caught.value.code == -2035
    assert office.company.knows_user("anna", "secret")


def test_a_user_needs_a_code(office):
    with pytest.raises(Refusal, match="USER_CODE"):
        office.company.create("Users", {"UserName": "Nobody"})


def test_who_somebody_refers_to_cannot_go(office):
    key = {"InternalKey": office.company.create("Users", ANNA)["InternalKey"]}
    employee = {"FirstName": "Anna", "LastName": "A", "ApplicationUserID": key["InternalKey"]}
    office.company.create("EmployeesInfo", employee)

    with pytest.raises(Refusal):
        office.company.delete("Users", key)
    assert office.company.knows_user("anna", "secret")
