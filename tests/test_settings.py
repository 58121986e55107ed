"""Settings are a frozen object. The environment overrides a file, and flags override the environment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from mockregister.errors import SettingError
from mockregister.settings import Settings, load, unknown_variables


def test_settings_have_defaults() -> None:
    assert load({}, {}) == Settings()


def test_a_flag_overrides_the_environment_and_the_environment_overrides_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('port = 1\nthreads = 1\nhost = "0.0.0.0"\n')
    environment = {"MOCKREGISTER_PORT": "2", "MOCKREGISTER_THREADS": "2", "MOCKREGISTER_CONFIG": str(file)}
    settings = load({"port": "3"}, environment)
    assert (settings.port, settings.threads, settings.host) == (3, 2, "0.0.0.0")


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"port": "70000"}, "--port: '70000' cannot be used; use a whole number from 0 to 65535."),
        ({"port": "²"}, "--port: '²' cannot be used; use a whole number from 0 to 65535."),
        ({"store": "redis"}, "use memory, tinydb:DIR or postgresql://"),
        ({"store": "tinydb:"}, "use memory, tinydb:DIR or postgresql://"),
        ({"clock": "yesterday"}, "ISO 8601"),
        ({"auth": "none"}, "use one of off, headers"),
        ({"codes": "/no/such/file.csv"}, "--codes: '/no/such/file.csv' cannot be used"),
        ({"rules_off": "", "log_format": "xml"}, "--log-format: 'xml' cannot be used"),
    ],
)
def test_a_bad_value_is_refused_in_one_line_that_names_the_flag(flags: dict[str, str], words: str) -> None:
    with pytest.raises(SettingError) as caught:
        load(flags, {})
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_key_of_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("prot = 8080\n")
    with pytest.raises(SettingError, match=r"prot in .* is not a setting.*Did you mean 'port'\?"):
        load({}, {}, file)


def test_an_unknown_variable_is_reported_with_a_similar_name() -> None:
    environment = {"MOCKREGISTER_SED": "demo", "MOCKREGISTER_URL": "x", "MOCKREGISTER_PORT": "1", "HOME": "/"}
    assert unknown_variables(environment) == [
        "The variable MOCKREGISTER_SED is no setting, and has no effect. Did you mean 'MOCKREGISTER_SEED'?",
    ]


def test_variables_that_kubernetes_sets_for_a_service_are_ignored() -> None:
    environment = {
        "MOCKREGISTER_PORT": "tcp://10.0.0.1:8080",
        "MOCKREGISTER_PORT_8080_TCP_ADDR": "10.0.0.1",
        "MOCKREGISTER_SERVICE_HOST": "10.0.0.1",
        "MOCKREGISTER_SERVICE_PORT_HTTP": "8080",
    }
    assert (load({}, environment), unknown_variables(environment)) == (Settings(), [])


def test_a_date_without_time_means_danish_midnight() -> None:
    assert load({"clock": "2019-06-01"}, {}).clock == datetime.fromisoformat("2019-06-01T00:00:00+02:00")


def test_a_clock_without_an_offset_is_danish_time() -> None:
    assert load({"clock": "2019-06-01T12:00:00"}, {}).clock == load({"clock": "2019-06-01T12:00:00+02:00"}, {}).clock


@pytest.mark.parametrize("written", ['"2019-06-01T12:00:00+02:00"', "2019-06-01T12:00:00+02:00", "2019-06-01T12:00:00"])
def test_a_moment_in_the_file_may_be_a_text_or_a_toml_datetime(tmp_path: Path, written: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f"clock = {written}\n")
    assert load({}, {}, file).clock == datetime.fromisoformat("2019-06-01T12:00:00+02:00")


def test_a_list_in_the_file_may_be_a_toml_array(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('rules_off = ["05.53", "12.a-1"]\n')
    assert load({}, {}, file).rules_off == ("05.53", "12.a-1")


def test_the_store_setting_names_the_tinydb_folder() -> None:
    assert load({"store": "tinydb:/data"}, {}).store_dir == Path("/data")
    assert load({}, {}).store_dir is None
