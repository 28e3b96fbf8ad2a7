"""Every setting, with its bounds and what it is for. Each is an environment variable `LIVEPANE_…`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, FilePath, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from livepane.discovery import data_dir
from livepane.domain.address import is_loopback
from livepane.domain.bus import NODE_NAME
from livepane.domain.kafka import Cluster, Mechanism, Protocol, Wishes
from livepane.domain.service_urls import check_broker_url, check_database_url
from livepane.values import BelowPath, CommaList, HostAddresses, Origins, Ports, Ranges, Targets, also, secret


class Settings(BaseSettings):
    """Lists are comma-separated. A value out of bounds stops the start with an error that names it."""

    model_config = SettingsConfigDict(
        env_prefix="LIVEPANE_",
        env_ignore_empty=True,  # one that is there and empty is not set: it hides no other name of the same setting
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    # --- the door -----------------------------------------------------------------------------------
    host: str = Field(
        "127.0.0.1",
        description="Address to listen on; `0.0.0.0` is all of this machine. On any but a loopback one tokens are demanded.",
    )
    ports: Ports = Field(
        (8000,), description="Ports to listen on.", validation_alias=AliasChoices("LIVEPANE_PORTS", "LIVEPANE_PORT", "ports")
    )
    data_dir: Path = Field(default_factory=data_dir, description="Folder for the token and everything else that is kept; 0700.")
    admin_token_file: Path | None = Field(
        None,
        description="File with the admin token, the same for all servers of one database; without it the first start makes one.",
    )
    auth: Literal["open", "required"] = Field(
        "open", description="`open`: on loopback, watching and producing need no token. `required`: everything does."
    )
    allowed_hosts: CommaList = Field((), description="Names besides localhost that a request's Host header may carry.")
    cors_origins: CommaList = Field(
        (),
        description="Origins besides loopback ones that may watch and produce without a token; `*`: any but `null`.",
        validation_alias=AliasChoices("LIVEPANE_CORS_ORIGINS", "CORS_ORIGINS", "cors_origins"),
    )
    tls_cert: Path | None = Field(None, description="Certificate file (PEM, with its chain): the server speaks https and wss.")
    tls_key: Path | None = Field(None, description="Private key file (PEM, without a passphrase) of the certificate.")
    trusted_proxies: Ranges = Field(
        (), description="Addresses or ranges (CIDR) of proxies whose X-Forwarded-For, -Proto and -Host are believed."
    )
    root_path: BelowPath = Field("", description="Path that everything lies below behind a proxy, such as `/panes`.")
    frame_ancestors: Origins = Field((), description="Origins whose pages may show `/view/…` in a frame.")

    signin_per_minute: int = Field(5, ge=1, le=10_000, description="Wrong tokens that one address may show at the sign-in.")
    signin_per_hour: int = Field(20, ge=1, le=100_000, description="The same, in an hour.")

    # --- browsers and screens -----------------------------------------------------------------------
    browser: str | None = Field(None, description="Path of the Chromium to use; looked for in the usual places when unset.")
    browser_idle_seconds: float = Field(60.0, ge=0, description="Chromium is closed when no page has been open for so long.")
    max_pages: int = Field(20, ge=1, le=1000, description="Pages that may be open on the server at once.")
    chrome_url: str | None = Field(
        None, description="Debugging address of a Chrome that already runs, such as http://127.0.0.1:9222; its tabs can be shown."
    )
    display: str | None = Field(
        None,
        description="X display whose desktop, monitors and windows can be shown.",
        validation_alias=AliasChoices("LIVEPANE_DISPLAY", "DISPLAY", "display"),
    )

    # --- streams ------------------------------------------------------------------------------------
    grace_seconds: float = Field(5.0, ge=0, le=600, description="Capture goes on for so long after the last viewer has left.")
    capture_cpu: float = Field(
        0.8,
        gt=0,
        le=1,
        description="Share of this machine's CPU that server and browsers may use before captures are slowed; 1: no limit.",
    )
    capture_fps: float | None = Field(
        None, gt=0, description="Pictures a second that all captures together may take; above it they are slowed."
    )
    encoder_threads: int = Field(2, ge=1, le=64, description="Threads that scale and encode pictures.")

    # --- limits -------------------------------------------------------------------------------------
    max_frame_bytes: int = Field(10 * 2**20, ge=2**10, le=2**30, description="Bytes that a picture from outside may have.")
    max_frame_pixels: int = Field(
        33_177_600, ge=2**10, description="Pixels that a picture from outside may claim (33 MP: 7680 x 4320)."
    )
    max_message_bytes: int = Field(64 * 2**10, ge=2**10, description="Bytes that a JSON message of a viewer may have.")
    max_connections: int = Field(
        10_000, ge=16, description="Connections at once; beyond, those make room that have waited longest without a request."
    )
    max_connections_per_address: int = Field(
        1_000, ge=4, description="The same for one address; trusted proxies are not counted."
    )
    max_sockets_per_address: int = Field(500, ge=1, description="WebSockets that one address may have open.")
    send_stall_seconds: float = Field(10.0, gt=0, description="A viewer that takes nothing for so long is cut off.")
    ping_seconds: float = Field(
        12.0, gt=0, le=300, description="A silent peer is pinged after so long, and dropped after as long again."
    )
    max_domains: int = Field(100, ge=1, le=10_000, description="Domains that one request to `/scrape/stream` or `/run` may name.")
    max_targets: int = Field(1000, ge=1, le=100_000, description="Jobs that one request to `POST /api/jobs` may ask for.")
    max_fps_in: float = Field(60.0, gt=0, le=240, description="Pictures a second that a producer may push; more are dropped.")

    publish_per_second: float = Field(
        100.0, gt=0, le=10_000, description="Pictures a second that one source may push by `POST /publish` in the long run."
    )
    publish_per_second_of_address: float = Field(
        400.0, gt=0, le=100_000, description="The same for all sources of one address together."
    )
    max_pushed: int = Field(
        100, ge=1, le=10_000, description="Sources that may push pictures; one that has gone quiet makes room for a new one."
    )
    pushed_kept_seconds: float = Field(
        86_400.0, ge=10, description="The pane of a source that says nothing any more goes after so long, when nobody watches it."
    )

    # --- jobs ---------------------------------------------------------------------------------------
    job_concurrency: int = Field(32, ge=1, le=256, description="Jobs that run at the same time, until users change it.")
    job_pages: int = Field(
        2, ge=1, le=16, description="Pages of the browser that jobs may hold at the same time, until users change it."
    )
    job_seconds: float = Field(600.0, ge=1, le=86_400, description="Time that one run of a job may take.")
    job_bytes: int = Field(
        100 * 2**20, ge=2**10, description="Bytes that one run may send and receive, its pages' together with its own."
    )
    job_requests: int = Field(1000, ge=1, le=1_000_000, description="Requests that one run may make.")
    job_redirects: int = Field(10, ge=0, le=50, description="Redirects that one request of a job may take.")
    job_popups: int = Field(3, ge=0, le=100, description="Windows that the pages of a job may open.")
    job_items: int = Field(100_000, ge=1, le=10_000_000, description="Results that one run may have.")
    jobs_kept: int = Field(10_000, ge=1, le=10_000_000, description="Jobs that are over are kept up to this number.")
    jobs_kept_days: float = Field(30.0, gt=0, le=36_500, description="They are kept for so long at the most.")
    plugins: CommaList = Field((), description="Python files with scrapers of your own; `livepane serve --plugin` adds more.")
    recipes_dir: Path | None = Field(
        None, description="Folder with recipes of your own (`.toml`, `.json`); without it `recipes` in the data folder."
    )

    # --- downloads ----------------------------------------------------------------------------------
    downloads_dir: Path | None = Field(
        None, description="Folder of what jobs download, a folder for each collection; `downloads` in the data folder when unset."
    )

    # --- the way out --------------------------------------------------------------------------------
    allow_private_targets: Targets = Field(
        (),
        description="Private targets that jobs may fetch, and pages open when the server listens on more than loopback: "
        "`host:port`, or a range such as 10.0.0.0/8.",
    )
    host_addresses: HostAddresses = Field(
        (),
        description="Fixed addresses of names, for jobs: with `acme.example=127.0.0.1:8443` all connections with it go there.",
    )
    ca_file: FilePath | None = Field(
        None,
        description="Certificates (PEM) of authorities that jobs trust besides the public ones; Chromium does when the server "
        "sends one of them in its chain.",
    )
    contact: str | None = Field(
        None,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="URL or mail address that sites find in our User-Agent, so that they can write to you.",
    )
    requests_per_second: float = Field(1.0, ge=0.01, le=100, description="Requests to one host and port, in the long run.")
    request_burst: int = Field(
        6, ge=1, le=1000, description="Requests to one host that go without waiting: a site of five pages is not slowed down."
    )
    requests_per_host: int = Field(2, ge=1, le=100, description="Requests to one host and port at the same time.")
    files_per_second: float = Field(
        10.0, ge=0.01, le=1000, description="Files that are begun at one host and port, in the long run; besides its pages."
    )
    files_per_host: int = Field(4, ge=1, le=100, description="Files of one host and port that are fetched at the same time.")

    # --- many machines ------------------------------------------------------------------------------
    node: str | None = Field(
        None,
        pattern=rf"^{NODE_NAME.pattern}$",
        description="Name of this server among those of its cluster, letters, digits, . _ and - (64 at most); without it the "
        "host name and four letters that are kept in the data folder.",
    )
    database_url: SecretStr | None = Field(
        None,
        description="Postgres for everything that is kept, shared by many servers: `postgresql://user:password@host:5432/name`, "
        "with libpq's options behind `?`; without it SQLite in the data folder.",
        validation_alias=also("DATABASE_URL"),
    )
    database_connections: int = Field(
        8, ge=2, le=100, description="Connections to that Postgres that one process may have at the same time."
    )
    kafka_bootstrap_servers: CommaList = Field(
        (),
        description="Brokers of the Kafka that carries pictures between machines, as host:port; naming one turns it on.",
        validation_alias=also("KAFKA_BOOTSTRAP_SERVERS", "KAFKA_BROKER"),
    )
    kafka_security_protocol: Protocol | None = Field(
        None,
        description="Without it: SASL_SSL when a user is named (SASL_PLAINTEXT to a broker of this machine), SSL when a "
        "certificate is, else PLAINTEXT.",
        validation_alias=also("KAFKA_SECURITY_PROTOCOL"),
    )
    kafka_sasl_mechanism: Mechanism | None = Field(
        None, description="How the user signs in; PLAIN when unset.", validation_alias=also("KAFKA_SASL_MECHANISM")
    )
    kafka_sasl_username: str | None = Field(
        None, description="User at the broker.", validation_alias=also("KAFKA_SASL_USERNAME", "KAFKA_USERNAME")
    )
    kafka_sasl_password: SecretStr | None = Field(
        None, description="The user's password.", validation_alias=also("KAFKA_SASL_PASSWORD", "KAFKA_PASSWORD")
    )
    kafka_sasl_password_file: FilePath | None = Field(
        None, description="File with the password, instead of it.", validation_alias=also("KAFKA_SASL_PASSWORD_FILE")
    )
    kafka_ssl_cafile: FilePath | None = Field(
        None,
        description="Authorities (PEM) that the brokers' certificates are checked by; the system's when unset.",
        validation_alias=also("KAFKA_SSL_CAFILE"),
    )
    kafka_ssl_certfile: FilePath | None = Field(
        None, description="Certificate (PEM) that we show to the brokers.", validation_alias=also("KAFKA_SSL_CERTFILE")
    )
    kafka_ssl_keyfile: FilePath | None = Field(
        None, description="Private key (PEM) of that certificate.", validation_alias=also("KAFKA_SSL_KEYFILE")
    )
    kafka_topic_prefix: str = Field(
        "",
        description="Put before the names of the topics, so that several installations can share a Kafka.",
        validation_alias=also("KAFKA_TOPIC_PREFIX"),
    )

    jobs_engine: Literal["embedded", "celery"] = Field(
        "embedded",
        description="`embedded`: the server runs its jobs itself. `celery`: workers do (`livepane worker`), told by a broker.",
        validation_alias=also("JOBS_ENGINE"),
    )
    celery_broker_url: SecretStr | None = Field(
        None,
        description="The Redis or Valkey that carries the numbers of jobs to workers, such as `redis://:password@10.0.0.5:6379/0`.",
        validation_alias=also("CELERY_BROKER_URL"),
    )
    celery_result_backend: SecretStr | None = Field(
        None,
        description="Where Celery keeps what became of its tasks, for other tools; what jobs have found is in the database.",
        validation_alias=also("CELERY_RESULT_BACKEND"),
    )
    worker_concurrency: int | None = Field(
        None,
        ge=1,
        le=256,
        description="Jobs at a time of `livepane worker`; with Celery each in a process with a browser, of half a gigabyte each, "
        "and one a core that it may use when unset.",
    )

    log_format: Literal["text", "json"] = Field("text", description="Lines for people, or one JSON object a line.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")

    @model_validator(mode="after")
    def _whole_kafka(self) -> Settings:
        _ = self.kafka
        return self

    @model_validator(mode="after")
    def _whole_engine(self) -> Settings:
        url = self.celery_broker_url.get_secret_value() if self.celery_broker_url is not None else ""
        if url:
            check_broker_url(url)
        if self.jobs_engine == "celery" and not url:
            raise ValueError("JOBS_ENGINE = 'celery' needs a CELERY_BROKER_URL, such as redis://127.0.0.1:6379/0")
        return self

    @model_validator(mode="after")
    def _whole_database(self) -> Settings:
        if self.database_url:
            check_database_url(self.database_url.get_secret_value())
        return self

    @property
    def kafka(self) -> Cluster | None:
        """The Kafka to use; None: there is none, and this server keeps to itself."""
        return Wishes(
            self.kafka_bootstrap_servers,
            self.kafka_security_protocol,
            self.kafka_sasl_mechanism,
            self.kafka_sasl_username,
            secret("KAFKA_SASL_PASSWORD", self.kafka_sasl_password, self.kafka_sasl_password_file),
            self.kafka_ssl_cafile,
            self.kafka_ssl_certfile,
            self.kafka_ssl_keyfile,
            self.kafka_topic_prefix,
        ).cluster()

    @property
    def own_recipes(self) -> Path:
        """The folder with recipes of one's own; it need not be there."""
        return (self.recipes_dir or self.data_dir / "recipes").expanduser()

    @property
    def near_only(self) -> bool:
        """Whether only programs of this machine reach the server; else its pages stay behind the fence."""
        return is_loopback(self.host)

    @property
    def downloads(self) -> Path:
        """The folder of what jobs download."""
        return (self.downloads_dir or self.data_dir / "downloads").expanduser()

    @property
    def demands_tokens(self) -> bool:
        """Whether nothing is given away without a token. What is bound decides, not where a connection comes from."""
        return self.auth == "required" or not is_loopback(self.host)
