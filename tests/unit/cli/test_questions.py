"""What a connector wants to know comes from file, environment, command line, or a person."""

import json

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from b1bridge.cli.questions import gather, parse_pairs
from b1bridge.errors import NeedsOperator


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: str
    password: SecretStr
    concurrency: int = Field(default=4, ge=1)
    warehouses: list[str] = []
    old_password: SecretStr | None = None


@pytest.fixture
def typed(monkeypatch):
    """Return a function that types answers, and the questions that were put."""
    asked = []

    def answers(**given):
        def prompt(question, *, hide_input):
            asked.append((question, hide_input))
            return given[question]

        monkeypatch.setattr("typer.prompt", prompt)
        return asked

    return answers


def test_only_what_is_missing_is_asked_and_secrets_are_typed_unseen(typed):
    asked = typed(password="p4ss")

    settings = gather(Settings, known={}, pairs=["url=https://x"])

    assert settings == {"url": "https://x", "password": "p4ss"}
    assert asked == [("password", True)]


def test_the_command_line_wins_over_the_file_over_the_environment_over_the_past(
    tmp_path, monkeypatch
):
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"url": "file", "concurrency": 2}))
    monkeypatch.setenv("B1BRIDGE_URL", "environment")
    monkeypatch.setenv("B1BRIDGE_PASSWORD", "from the environment")
    known = {"url": "past", "warehouses": ["01"]}

    settings = gather(Settings, known=known, file=file, pairs=["concurrency=3"])

    assert settings == {
        "url": "file",
        "password": "from the environment",
        "concurrency": "3",
        "warehouses": ["01"],
    }


def test_a_list_is_given_as_json(monkeypatch):
    monkeypatch.setenv("B1BRIDGE_PASSWORD", "p")

    settings = gather(Settings, known={}, pairs=["url=u", 'warehouses=["01", "02"]'])

    assert settings["warehouses"] == ["01", "02"]


@pytest.mark.parametrize("name", ["password", "old_password"])
def test_a_secret_on_the_command_line_is_warned_about(name, capsys):
    gather(Settings, known={}, pairs=["url=u", "password=p", f"{name}=s3cret"])

    warning = capsys.readouterr().err
    assert f"{name} stood on the command line" in warning
    assert f"B1BRIDGE_{name.upper()}" in warning
    assert "s3cret" not in warning


def test_a_setting_nobody_reads_is_named_with_those_that_exist():
    with pytest.raises(NeedsOperator, match="no such setting: passwort") as refused:
        gather(Settings, known={}, pairs=["url=u", "passwort=p"])

    assert "password" in refused.value.fix


def test_a_wrong_value_is_named_without_showing_what_was_typed():
    with pytest.raises(NeedsOperator) as refused:
        gather(Settings, known={}, pairs=["url=u", "password=p", "concurrency=s3cret"])

    assert str(refused.value).startswith("concurrency: ")
    assert "s3cret" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("pair", ["password", "=p", ""])
def test_a_pair_without_its_sign_is_refused(pair):
    with pytest.raises(NeedsOperator, match="--set wants key=value"):
        parse_pairs([pair], option="--set")


def test_a_value_may_hold_equals_signs():
    assert parse_pairs(["key=a=b="], option="--set") == {"key": "a=b="}


@pytest.mark.parametrize(("text", "why"), [("{", "is not JSON"), ("[1]", "holds no JSON object")])
def test_a_file_of_another_kind_is_refused(text, why, tmp_path):
    file = tmp_path / "settings.json"
    file.write_text(text)

    with pytest.raises(NeedsOperator, match=why):
        gather(Settings, known={}, file=file)
