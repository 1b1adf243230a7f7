"""Secrets at rest."""

import pytest
from cryptography.fernet import Fernet

from b1bridge.storage.vault import ENVIRONMENT, Locked, Vault

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))


def test_what_was_sealed_can_be_opened_and_not_read():
    sealed = Vault([OLD]).seal({"token": "s3cret"})

    assert "s3cret" not in sealed
    assert Vault([OLD]).open(sealed) == {"token": "s3cret"}


def test_with_two_keys_old_and_new_secrets_open():
    both = Vault([NEW, OLD])

    assert both.open(Vault([OLD]).seal({"token": "a"})) == {"token": "a"}
    assert both.open(Vault([NEW]).seal({"token": "b"})) == {"token": "b"}


def test_after_a_rotation_the_old_key_is_no_longer_needed():
    sealed = Vault([OLD]).seal({"token": "s3cret"})

    rotated = Vault([NEW, OLD]).rotated(sealed)

    assert Vault([NEW]).open(rotated) == {"token": "s3cret"}
    with pytest.raises(Locked):
        Vault([OLD]).open(rotated)


def test_without_a_fitting_key_the_way_out_is_named():
    sealed = Vault([OLD]).seal({"token": "s3cret"})

    with pytest.raises(Locked, match=ENVIRONMENT):
        Vault([OTHER]).open(sealed)
    with pytest.raises(Locked, match=ENVIRONMENT):
        Vault([OTHER]).rotated(sealed)


def test_the_key_file_is_made_once_and_only_its_owner_may_read_it(tmp_path, monkeypatch):
    monkeypatch.delenv(ENVIRONMENT, raising=False)

    sealed = Vault.in_folder(tmp_path / "home").seal({"token": "s3cret"})

    assert Vault.in_folder(tmp_path / "home").open(sealed) == {"token": "s3cret"}
    assert (tmp_path / "home" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_keys_of_the_environment_go_before_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv(ENVIRONMENT, f"{NEW}, {OLD}")

    vault = Vault.in_folder(tmp_path)

    assert vault.open(Vault([OLD]).seal({})) == {}
    assert not (tmp_path / "secret.key").exists()
