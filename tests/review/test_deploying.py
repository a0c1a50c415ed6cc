"""The container and the compose file: what they copy, install, run and read, run here as far as it goes.

No container is built: the wheel is made from exactly what the Dockerfile copies, and the commands of the
compose file run from it with the environment and the secrets they have there, on a real PostgreSQL.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import REPOSITORY
from tests.review.postgresql import OWNER, RUNNER, Cluster, own_cluster, tools

from opencdi.review.project.keys import new_secret
from opencdi.review.sealing import new_key

DEPLOY = REPOSITORY / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
PAGE = (REPOSITORY / "docs" / "deploy.md").read_text(encoding="utf-8")
HOST = "review.force.police.example"
PERSON = ("a@force.example", "Ada Lowe", "--role", "administrator")


def copied() -> list[str]:
    """What the Dockerfile takes from the repository."""
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    return [path for line in lines for path in line.split()]


# What is written -----------------------------------------------------------------------------------


def test_the_container_installs_exactly_the_parts_of_the_lock() -> None:
    installs = re.findall(r"pip (?:install|wheel) .*", DOCKERFILE)
    assert len(installs) == 4
    for line in installs:
        assert "--require-hashes -r /requirements/" in line or "--no-deps" in line, line
    assert "--no-build-isolation" in DOCKERFILE
    for name in ("review.txt", "build.txt"):
        assert f"requirements/{name}" in copied()
        assert (REPOSITORY / "requirements" / name).read_text(encoding="utf-8").count("--hash=sha256:") > 4


def test_the_builder_is_sent_what_is_copied_and_never_the_secrets() -> None:
    rules = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").split("\n")
    kept = [rule[1:] for rule in rules if rule.startswith("!")]
    assert "*" in rules
    assert set(kept) == set(copied())
    assert not any(rule.startswith("deploy") for rule in kept)
    assert all((REPOSITORY / path).exists() for path in copied())


def test_the_container_does_not_run_as_root() -> None:
    assert re.search(r"^USER room$", DOCKERFILE, re.MULTILINE)
    room = SERVICES["room"]
    assert room["read_only"] and room["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in room["security_opt"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_secret_a_service_reads_is_given_to_it(name: str) -> None:
    service = SERVICES[name]
    given = set(service.get("secrets", ()))
    assert given <= set(COMPOSE["secrets"])
    texts = [str(value) for value in service.get("environment", {}).values()]
    if name == "proxy":
        texts.append((DEPLOY / "nginx.conf").read_text(encoding="utf-8"))
    if name == "database":
        texts.append((DEPLOY / "roles.sh").read_text(encoding="utf-8"))
    assert set(re.findall(r"/run/secrets/(\w+)", "\n".join(texts))) == given


def test_every_secret_is_a_file_that_the_page_says_to_make() -> None:
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].removeprefix("./") in PAGE


@pytest.mark.parametrize("name", ["migrate", "room"])
def test_every_variable_of_the_room_is_one_it_knows(name: str) -> None:
    known = "\n".join(
        path.read_text(encoding="utf-8") for path in (REPOSITORY / "src/opencdi/review/project").glob("*.py")
    )
    for variable in SERVICES[name]["environment"]:
        short = variable.removeprefix("OPENCDI_REVIEW_").removesuffix("_FILE")
        assert f'"{short}"' in known, variable


def test_only_the_proxy_is_reached_from_outside_and_only_the_room_besides_reaches_out() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    outside = [name for name, service in SERVICES.items() if "outside" in service["networks"]]
    assert outside == ["room", "proxy"], "The room asks the mail server and the organisation's sign-in."


def test_every_setting_of_the_page_can_be_given_through_the_compose_file() -> None:
    """The virus scanner aside, which the container does not hold."""
    rows = re.findall(r"^\| (`OPENCDI_REVIEW_.+?`) \|", PAGE, re.MULTILINE)
    named = {
        word if word.startswith("OPENCDI") else re.sub(r"_[A-Z]+$", "", words[0]) + word
        for row in rows
        for words in [re.findall(r"`(\w+)`", row)]
        for word in words
    }
    given = {name.removesuffix("_FILE") for name in SERVICES["room"]["environment"]}
    assert len(named) > 12
    assert named - given == {"OPENCDI_REVIEW_SCANNER"}


def test_what_nobody_has_set_is_as_if_it_were_not_there(secrets_folder: Path) -> None:
    """Compose passes it on as empty; the mail server is then this machine and the port 25."""
    from opencdi.review.project.environment import Environment

    given = Environment(environment("room", secrets_folder, Path()))
    assert given.value("MAIL_HOST", "localhost") == "localhost"
    assert given.number("MAIL_PORT", 25) == 25
    assert given.value("MAIL_FROM", "room@force.example") == "room@force.example"
    assert given.value("OIDC_NAME", "your account") == "your account"
    assert given.value("MAIL_PASSWORD") == ""


# What runs -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed package: a wheel made from what the Dockerfile copies, and nothing else."""
    folder = tmp_path_factory.mktemp("deploying")
    source = folder / "source"
    source.mkdir()
    for path in copied():
        origin = REPOSITORY / path
        if origin.is_dir():
            shutil.copytree(origin, source / path, ignore=shutil.ignore_patterns("__pycache__"))
        elif not path.startswith("requirements/"):
            shutil.copy(origin, source / path)
    built = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(built, cwd=source, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    if tools() is None:
        pytest.skip("No PostgreSQL 15 or later under /usr/lib/postgresql: install it to run this.")
    with own_cluster() as running:
        yield running


@pytest.fixture(scope="module")
def secrets_folder(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of ``/run/secrets``, made as the page says."""
    folder = tmp_path_factory.mktemp("secrets")
    for name, value in {
        "secret_key": new_secret(),
        "sealing_keys": new_key("2026-11"),
        "runner_password": "a" * 48,
        "owner_database": cluster.address("review", OWNER),
        "runner_database": cluster.address("review", RUNNER),
        "oidc_client_secret": "",
        "mail_password": "",
    }.items():
        (folder / name).write_text(value + "\n", encoding="utf-8")
    return folder


def environment(service: str, secrets: Path, site: Path) -> dict[str, str]:
    """What compose gives the service, its secrets in a folder of this machine."""
    given = {name: str(value) for name, value in SERVICES[service]["environment"].items()}
    for name, value in given.items():
        value = re.sub(r"\$\{(\w+):[-?][^}]*\}", lambda found: HOST if "HOSTS" in found[1] else "", value)
        given[name] = value.replace("/run/secrets", str(secrets))
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, **given, "PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}


def command(service: str, **changed: str) -> list[str]:
    words = [changed.get(word, word) for word in SERVICES[service]["command"]]
    return [sys.executable, "-c", "from opencdi.cli import main; main()", *words]


@contextmanager
def serving(secrets: Path, site: Path, log: Path = Path(os.devnull)) -> Iterator[str]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    started = command("room", **{"0.0.0.0:8000": f"127.0.0.1:{port}", "4": "1"})
    with log.open("ab") as file:
        given = environment("room", secrets, site)
        process = subprocess.Popen(started, env=given, stdout=subprocess.DEVNULL, stderr=file)
    try:
        for _ in range(300):
            assert process.poll() is None, "The room did not start."
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)


def answer(address: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """As the proxy of ``nginx.conf`` asks."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *given: Any) -> None:
            return None

    sent = {"Host": HOST, "X-Forwarded-For": "10.1.2.3", "X-Forwarded-Proto": "https", **headers}
    try:
        found = urllib.request.build_opener(Stay).open(
            urllib.request.Request(address + path, headers=sent), timeout=60
        )
    except urllib.error.HTTPError as refused:
        found = refused  # type: ignore[assignment]
    with found:
        return found.status, dict(found.headers), found.read()


def test_the_package_holds_pages_styles_words_and_translations(site: Path) -> None:
    room = site / "opencdi" / "review"
    for path in (
        "shell/static/review/review.css",
        "shell/static/review/review.js",
        "shell/jinja2/base.html",
        "locale/cy/LC_MESSAGES/django.mo",
        "accounts/place-words.txt",
    ):
        assert (room / path).exists(), path
    assert not list(site.rglob("secrets/*")) and not (site / "tests").exists()


@pytest.fixture(scope="module")
def migrated(cluster: Cluster, secrets_folder: Path, site: Path) -> str:
    """What `docker compose run --rm migrate` says after the database's first start."""
    cluster.sql(f"DROP ROLE {RUNNER}")
    script = (DEPLOY / "roles.sh").read_text(encoding="utf-8").replace("/run/secrets", str(secrets_folder))
    made = {"POSTGRES_USER": "postgres", "POSTGRES_DB": "review", "PGHOST": str(cluster.folder / "socket")}
    programs = f"{cluster.tools}:{os.environ['PATH']}"
    subprocess.run(["bash", "-c", script], env={**made, "PATH": programs}, check=True, timeout=60)
    done = subprocess.run(
        command("migrate"),
        env=environment("migrate", secrets_folder, site),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_commands_of_the_compose_file_bring_the_room_up_from_the_package(
    migrated: str, secrets_folder: Path, site: Path
) -> None:
    assert migrated == "The tables are of this version.\n"
    whence = [sys.executable, "-c", "import opencdi; print(opencdi.__file__)"]
    told = subprocess.run(
        whence, env=environment("room", secrets_folder, site), capture_output=True, text=True, check=True
    )
    assert Path(told.stdout.strip()).is_relative_to(site)

    with serving(secrets_folder, site) as address:
        status, headers, body = answer(address, "/help/")
        assert status == 200 and b"Review room" in body
        assert headers["Strict-Transport-Security"]
        style = re.search(rb'href="(/static/review/review[^"]*css)"', body)
        assert style
        assert answer(address, style[1].decode())[0] == 200
        status, headers, _ = answer(address, "/reading/")
        assert (status, headers["Location"].split("?")[0]) == (302, "/account/sign-in/")
        assert answer(address, "/help/", Host="somewhere.else.example")[0] == 400
        status, headers, _ = answer(address, "/help/", **{"X-Forwarded-Proto": "http"})
        assert (status, headers["Location"]) == (301, f"https://{HOST}/help/")

    added = subprocess.run(
        [*command("room")[:3], "review", "people", "add", *PERSON, "--site", f"https://{HOST}"],
        env=environment("room", secrets_folder, site),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert f"https://{HOST}/" in added.stdout, added.stderr


# The proxy -----------------------------------------------------------------------------------------


@contextmanager
def proxied(folder: Path, room: str) -> Iterator[int]:
    """nginx with the configuration that the compose file gives it, before a room; the port it listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    made += ["-addext", f"subjectAltName=DNS:{HOST}"]
    made += ["-keyout", str(folder / "tls_key"), "-out", str(folder / "tls_certificate")]
    subprocess.run(made, check=True, capture_output=True, timeout=60)
    server = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for written, here in (
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("/run/secrets", str(folder)),
        ("http://room:8000", room),
    ):
        assert written in server
        server = server.replace(written, here)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(f"events {{}} http {{ {places} {server} }}", encoding="utf-8")
    told = f"daemon off; user root; pid {folder}/pid; error_log {folder}/errors;"
    process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", told])
    try:
        for _ in range(100):
            assert process.poll() is None, (folder / "errors").read_text(encoding="utf-8")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed (Debian's nginx-light).")
def test_15_3_4_the_proxy_of_the_compose_file_ends_tls_and_lets_nobody_choose_an_address(
    migrated: str, secrets_folder: Path, site: Path, tmp_path: Path
) -> None:
    log = tmp_path / "room.log"

    def asked(method: str, path: str, **headers: str) -> http.client.HTTPResponse:
        trusting = ssl.create_default_context(cafile=tmp_path / "tls_certificate")
        with socket.create_connection(("127.0.0.1", port), 60) as plain:
            connection = http.client.HTTPSConnection(HOST, context=trusting)
            connection.sock = trusting.wrap_socket(plain, server_hostname=HOST)
            connection.request(method, path, headers=headers)
            found = connection.getresponse()
            found.read()
            return found

    with serving(secrets_folder, site, log) as room, proxied(tmp_path, room) as port:
        page = asked("GET", "/help/", **{"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "http"})
        assert page.status == 200 and page.headers["Strict-Transport-Security"]
        assert page.headers["Server"] == "nginx"
        assert asked("POST", "/account/sign-in/", **{"Content-Length": "54000000"}).status == 413
        assert asked("GET", "/help/", Host="somewhere.else.example").status == 400
    lines = log.read_text(encoding="utf-8")
    assert "127.0.0.1" in lines and "6.6.6.6" not in lines


def test_the_health_check_of_the_database_asks_what_there_is(cluster: Cluster) -> None:
    asked = SERVICES["database"]["healthcheck"]["test"]
    assert asked[0] == "CMD"
    found = subprocess.run(
        [str(cluster.tools / asked[1]), *asked[2:]],
        env={"PGHOST": str(cluster.folder / "socket")},
        check=False,
    )
    assert found.returncode == 0
