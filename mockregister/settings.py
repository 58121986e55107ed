"""Every setting, in one frozen object. The environment overrides a TOML file, and flags override the environment.

Each field is a flag of ``mockregister serve`` (``--log-format``), a variable (``MOCKREGISTER_LOG_FORMAT``) and a key of the
TOML file (``log_format``). The table in the README is generated from the ``metadata`` of the fields.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from mockregister.clock import YEARS, Clock, moment_in
from mockregister.errors import SettingError, did_you_mean, reason

PREFIX = "MOCKREGISTER_"
MEBIBYTE = 1024 * 1024
UNSET = "not set"
ELSEWHERE = ("CONFIG", "URL")  # variables that are no settings: the path of the settings file, and the URL that clients use
OF_KUBERNETES = re.compile(r"SERVICE_(HOST|PORT)|PORT_\d")  # Kubernetes sets these beside a service called mockregister
POSTGRESQL = ("postgresql://", "postgres://")
PASSWORD = re.compile(r"((?<=://)[^/:@]*:|^\w+:[^/:@]*:)(.*)(?=@)|((?<=password=)[^&\s]*)", re.IGNORECASE)
LISTED_AT = time(1, 55)  # the Danish time at which the error list is made every night


def choice(*allowed: str) -> Callable[[str], str]:
    """Return a reader that accepts one of ``allowed``.

    A reader is a function that returns the value of a setting's text. It raises ValueError with what to write instead.
    """

    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"use one of {', '.join(allowed)}")
        return text

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a reader that accepts a whole number from ``low`` to ``high``."""

    def read(text: str) -> int:
        if not text.strip().isdecimal() or not low <= int(text) <= high:
            raise ValueError(f"use a whole number from {low} to {high}")
        return int(text)

    return read


def existing_file(text: str) -> Path | None:
    """Return the path of an existing file, None for an empty text. Raise ValueError."""
    if text and not Path(text).is_file():
        raise ValueError("there is no such file")
    return Path(text) if text else None


def existing_folder(text: str) -> Path | None:
    """Return the path of an existing folder, None for an empty text. Raise ValueError."""
    if text and not Path(text).is_dir():
        raise ValueError("there is no such folder")
    return Path(text) if text else None


def word_or_file(*allowed: str) -> Callable[[str], str]:
    """Return a reader that accepts one of ``allowed``, or the path of an existing file."""

    def read(text: str) -> str:
        if text not in allowed and not Path(text).is_file():
            raise ValueError(f"use {', '.join(allowed)} or the path of a CSV file")
        return text

    return read


def port_or_none(text: str) -> int | None:
    """Return a port, None for an empty text. Raise ValueError."""
    return whole(0, 65535)(text) if text else None


def time_of_day(text: str) -> time:
    """Return a time of day, not before ``LISTED_AT``, at which the nightly list appears. Raise ValueError."""
    try:
        found = time.fromisoformat(text)
    except ValueError as error:
        raise ValueError("use a time of day such as 04:00") from error
    if found.tzinfo or found < LISTED_AT:
        raise ValueError(f"use a time from {LISTED_AT:%H:%M} on, when the list is made")
    return found


def store_address(text: str) -> str:
    """Return the address of a store: ``memory``, ``tinydb:DIR`` or the URL of a PostgreSQL database. Raise ValueError."""
    if text != "memory" and not (text.startswith(("tinydb:", *POSTGRESQL)) and not text.endswith(("tinydb:", "://"))):
        raise ValueError("use memory, tinydb:DIR or postgresql://USER@HOST/DATABASE")
    if any(set(secret) & set("/@:?#") for secret in passwords_in(text)):
        raise ValueError("write the letters / @ : ? # of a password as %2F %40 %3A %3F %23")
    return text


def passwords_in(url: str) -> list[str]:
    """Return the passwords in a URL, as they are written there."""
    return [found[2] or found[3] for found in PASSWORD.finditer(url) if found[2] or found[3]]


def without_password(url: str) -> str:
    """Return a URL without its password."""
    return PASSWORD.sub(lambda found: f"{found[1] or ''}***", url)


def clock_start(text: str) -> datetime | None:
    """Return the moment to freeze the clock at, None for ``now``. Raise ValueError.

    A text without an offset is Danish time; a date alone means its midnight.
    """
    if text == "now":
        return None
    try:
        moment = moment_in(text)
    except ValueError as error:
        raise ValueError("use now, a date or an ISO 8601 moment such as 2019-06-01T12:00:00+02:00") from error
    if moment.year not in YEARS:
        raise ValueError(f"the clock goes from {YEARS[0]} to {YEARS[-1]}")
    return moment


def day(text: str) -> date:
    """Return an ISO 8601 date. Raise ValueError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("write a date such as 2019-01-06") from error


def words(text: str) -> tuple[str, ...]:
    """Return the words of a comma-separated list."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def host_names(text: str) -> tuple[str, ...]:
    """Return the host names of a comma-separated list, in lower case. Raise ValueError if one has a port."""
    names = words(text.lower())
    if any(":" in name or "/" in name for name in names):
        raise ValueError("use host names without ports, such as lpr3.example.com,lpr3.example.org")
    return names


def setting(
    default: object,
    read: Callable[[str], object],
    text: str,
    shown: str | None = None,
    needs: Sequence[str] = (),
    flag: str | None = None,
) -> Any:
    """Return a field of ``Settings`` with its reader and its line in the README.

    ``shown`` is the default as the README writes it. ``needs`` are other settings, as ``name`` or ``name=value``; this setting
    has an effect only if at least one of them is set. ``flag`` is the value that the flag means if it has no argument.
    """
    read_as = {"read": read, "text": text, "shown": shown or str(default), "needs": needs, "flag": flag}
    return field(default=default, metadata=read_as)


@dataclass(frozen=True)
class Settings:
    """The settings of a running server. Raise SettingError, in one line, for a value that cannot be used."""

    host: str = setting("127.0.0.1", str, "address to listen on")
    port: int = setting(8080, whole(0, 65535), "port to listen on; 0 picks a free one and prints it")
    tls_cert: Path | None = setting(None, existing_file, "PEM certificate with its chain: HTTPS, TLS 1.2 and later", UNSET)
    tls_key: Path | None = setting(None, existing_file, "PEM key of that certificate, if it is not in the same file", UNSET)
    tls_client_ca: Path | None = setting(
        None, existing_file, "PEM certificates of CAs; clients must show a certificate from one of them (mTLS)", UNSET
    )
    threads: int = setting(8, whole(1, 256), "requests handled at once; those that wait on purpose do not count")
    workers: int = setting(1, whole(1, 256), "processes that serve; several need --store postgresql://…")
    store: str = setting("memory", store_address, "where the register stores its data: memory, tinydb:DIR or postgresql://…")
    seed: str = setting("none", str, "name of the seed the register starts with, or none")
    clock: datetime | None = setting(None, clock_start, "now, or a date or ISO 8601 moment to freeze the clock at", "now")
    codes: str = setting(
        "lenient", word_or_file("lenient", "strict"), "lenient or strict reading of the built-in SKS codes, or a CSV file"
    )
    sor: Path | None = setting(None, existing_file, "CSV file that replaces the built-in SOR units", "built in")
    authorities: Path | None = setting(
        None, existing_file, "CSV file that replaces the built-in municipalities and countries", "built in"
    )
    producers: str = setting(
        "any", word_or_file("any", "listed"), "who may submit: any, listed (in SOR), or the authorities in a CSV file"
    )
    profile: date | None = setting(None, day, "date of the document profile, instead of that of the edition", "the edition's")
    auth: str = setting(
        "off",
        choice("off", "headers", "signed"),
        "off ignores security headers; headers requires them well-formed and in force; signed verifies the ID card's signature",
    )
    trust: Path | None = setting(
        None, existing_folder, "folder with the certificates that `signed` trusts", UNSET, ["auth=signed"]
    )
    pki: Path | None = setting(None, existing_folder, "folder of `mockregister pki init`: trusts it and starts a test STS", UNSET)
    fault_codes: str = setting(
        "real",
        choice("real", "dgws"),
        "FaultCode of refused ID cards: real is that of the register, which may be vague, dgws the precise one",
        needs=["auth"],
    )
    sts_fault_status: int = setting(
        500, whole(200, 599), "HTTP status with which the test STS refuses; the real one answers 200", needs=["pki"]
    )
    validate_status: str = setting(
        "real", choice("real", "helpful"), "status of Validate if nothing is wrong: real answers Failure, helpful answers Success"
    )
    fault_status: str = setting(
        "real", choice("real", "http"), "HTTP status of SOAP faults: real answers 500 for all, http the fitting status"
    )
    edition: str = setting("2023-09-18", str, "edition of the register by its date, or a folder that `edition make` wrote")
    rules_off: tuple[str, ...] = setting((), words, "business rules switched off, such as 05.53,12.a-1", UNSET)
    max_body: int = setting(50 * MEBIBYTE, whole(1024, 2**31), "largest request body, in bytes")
    max_elements: int = setting(2_000_000, whole(1000, 2**31), "most elements of XML, or values of JSON, in a request")
    body_timeout: int = setting(30, whole(1, 3600), "seconds a request's body may take to arrive")
    registers: str = setting(
        "on-demand",
        choice("on-demand", "listed"),
        "on-demand makes the register /r/NAME when it is first used; listed knows only those made through /__admin",
    )
    training: str = setting(
        "off",
        choice("off", "on"),
        "on adds a banner to every page, and /training, which gives each visitor a register; the flag alone means on",
        flag="on",
    )
    max_registers: int = setting(1000, whole(1, 1_000_000), "most registers at once; the one unused for longest is dropped first")
    journal: int = setting(1000, whole(0, 1_000_000), "most exchanges in the journal of each register")
    journal_bytes: int = setting(64 * MEBIBYTE, whole(0, 2**40), "most bytes of all journals; the oldest are dropped first")
    admin_token: str = setting(
        "", str, "token that all but SOAP services and health checks ask for; without it everything is open to anyone", UNSET
    )
    reading: str = setting(
        "token", choice("token", "open"), "open lets anyone read /api/v1, /xds and /metrics without the admin token"
    )
    allowed_hosts: tuple[str, ...] = setting(
        (), host_names, "host names, without ports, that requests may name besides local ones; * allows all", UNSET
    )
    log_format: str = setting("text", choice("text", "json"), "log lines as text or json")
    error_list_dir: str = setting("", str, "folder the nightly accumulated error list is written to", UNSET)
    error_list_from: time = setting(
        time(4),
        time_of_day,
        "time of day, 01:55 or later, at which the list made at 01:55 appears",
        "04:00",
        ["error_list_dir", "sftp_port"],
    )
    sftp_port: int | None = setting(None, port_or_none, "port of an sFTP server with the error list; 0 picks a free one", UNSET)
    sftp_keys: Path | None = setting(
        None, existing_folder, "folder with `<CVR>.pub`, the public keys of each authority", UNSET, ["sftp_port"]
    )
    sftp_host_key: Path | None = setting(None, existing_file, "private key of the sFTP server", "made at start", ["sftp_port"])
    sftp_banner: str = setting(
        "CerberusFTPServer_8.0", str, "name of the sFTP server, by default that of the real one", needs=["sftp_port"]
    )

    def __post_init__(self) -> None:
        if self.workers > 1 and not self.is_shared:
            raise SettingError(
                f"--workers: {self.workers} processes need a store that they can share, not {self.store}; "
                "use --store postgresql://USER@HOST/DATABASE, or one worker with --threads."
            )
        if self.workers > 1 and self.sftp_port is not None:
            raise SettingError("--sftp-port: The sFTP server needs one worker; start another server for it on the same database.")

    def check_effects(self) -> None:
        """Raise SettingError for a setting that has no effect because another setting is missing."""
        for name, each in NAMES.items():
            needs = each.metadata["needs"]
            if getattr(self, name) != each.default and needs and not any(map(self._has, needs)):
                wanted = " or ".join(_flag(need).replace("=", " ") for need in needs)
                raise SettingError(f"{_flag(name)} has no effect without {wanted}; set that, too, or leave {_flag(name)} out.")

    def _has(self, need: str) -> bool:
        name, _, value = need.partition("=")
        found = getattr(self, name)
        return str(found) == value if value else found != NAMES[name].default

    def start_clock(self) -> Clock:
        """Return a new clock as the settings start it."""
        return Clock(frozen_at=self.clock)

    @property
    def codes_file(self) -> Path | None:
        """The CSV file of SKS codes, or None for the built-in ones."""
        return None if self.codes in ("lenient", "strict") else Path(self.codes)

    @property
    def producers_file(self) -> Path | None:
        """The CSV file of registered producers, or None."""
        return None if self.producers in ("any", "listed") else Path(self.producers)

    @property
    def store_dir(self) -> Path | None:
        """The TinyDB folder, or None for the memory store."""
        return Path(self.store.removeprefix("tinydb:")) if self.store.startswith("tinydb:") else None

    @property
    def is_shared(self) -> bool:
        """Whether the store is a database that other processes may use at the same time."""
        return self.store.startswith(POSTGRESQL)


NAMES = {each.name: each for each in fields(Settings)}


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def load(
    flags: Mapping[str, object] | None = None,
    environment: Mapping[str, str] = os.environ,
    file: Path | None = None,
) -> Settings:
    """Return the settings of file, environment and flags; the environment overrides the file, and flags override both.

    Flags that are None were not given. Without ``file``, the variable MOCKREGISTER_CONFIG may name one. Raise SettingError.
    """
    values: dict[str, Any] = {}
    named = environment.get(PREFIX + "CONFIG")
    values.update(_from_file(file or (Path(named) if named else None)))
    ours = variables(environment)
    values.update({name: _read(name, ours[name.upper()], PREFIX + name.upper()) for name in NAMES if name.upper() in ours})
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    values.update({name: _read(name, str(value), _flag(name)) for name, value in given.items()})
    return Settings(**values)


def _from_file(file: Path | None) -> dict[str, object]:
    if file is None:
        return {}
    import tomllib  # imported here to keep it out of the start

    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingError(f"The settings file {file} cannot be read: {reason(error)}.") from error
    return {name: _read(name, _as_text(value), f"{name} in {file}") for name, value in table.items()}


def _as_text(value: object) -> str:
    """Return a TOML value, which may be a list or a moment, as the text that its flag would have."""
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with our prefix, by their names without it, except those that Kubernetes sets for a service."""
    ours = {name.removeprefix(PREFIX): value for name, value in environment.items() if name.startswith(PREFIX)}
    return {
        name: value
        for name, value in ours.items()
        if not OF_KUBERNETES.match(name) and not (name == "PORT" and value.startswith("tcp://"))
    }


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return a sentence for each variable that has our prefix but is not a setting."""
    known = [*map(str.upper, NAMES), *ELSEWHERE]
    return [
        f"The variable {PREFIX}{name} is no setting, and has no effect."
        f"{did_you_mean(PREFIX + name, [PREFIX + each for each in known])}"
        for name in sorted(variables(environment).keys() - set(known))
    ]


def _read(name: str, text: str, source: str) -> object:
    """Return the value of ``text`` for the setting ``name``; ``source`` is where the user wrote it."""
    if name not in NAMES:
        raise SettingError(f"{source} is not a setting; the settings are {', '.join(sorted(NAMES))}.{did_you_mean(name, NAMES)}")
    try:
        return NAMES[name].metadata["read"](text)
    except ValueError as error:
        raise SettingError(f"{source}: '{without_password(text)}' cannot be used; {error}.") from error
