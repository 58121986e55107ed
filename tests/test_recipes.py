"""The recipes in docs/ are run without changes: shell lines, YAML, and the clients in Java, PHP and JavaScript."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
import yaml

from mockregister import client
from mockregister.settings import Settings
from mockregister.testing import server
from tests import serving

DOCS = Path(__file__).parents[1] / "docs"
EXAMPLE = Path(__file__).parents[1] / "mockregister/document/examples/1-first-visit.xml"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PAGES = sorted([*DOCS.glob("testing-with-*.md"), DOCS / "controls.md"])


def blocks(language: str) -> list[pytest.ParameterSet]:
    """Yield every code block of this language in the recipes."""
    found = [(page.stem, text) for page in PAGES for kind, text in BLOCK.findall(page.read_text("utf-8")) if kind == language]
    return [pytest.param(text, id=f"{page}-{number}") for number, (page, text) in enumerate(found)]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Serve the register that the recipes use."""
    with server() as address:
        yield address


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
@pytest.mark.parametrize("script", blocks("bash"))
def test_every_line_of_a_shell_block_succeeds(script: str, url: str, tmp_path: Path) -> None:
    lines = script.replace("http://localhost:8080", url)
    done = subprocess.run(["bash", "-ec", lines], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{lines}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("text", blocks("yaml"))
def test_every_yaml_block_can_be_read(text: str) -> None:
    assert {"services", "jobs"} & set(yaml.safe_load(text))


def test_every_recipe_says_how_it_was_checked() -> None:
    assert len(PAGES) == 8
    assert [page.name for page in PAGES if "Checked" not in page.read_text("utf-8") and page.name != "controls.md"] == []


SERVE = "mockregister serve "
LISTED = "ls\n"  # the input of sftp
NOT_HERE = ("docker ",) if shutil.which("keytool") else ("docker ", "keytool ")
PROGRAMS = ("curl", "openssl", "sftp")
SFTP = "sftp -b - -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -P "  # does not ask whether to trust an unknown key


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(any(shutil.which(name) is None for name in PROGRAMS), reason=f"needs {', '.join(PROGRAMS)}")
@pytest.mark.parametrize("page", ["id-cards", "sftp"])
def test_the_commands_of_a_page_succeed_in_order(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(EXAMPLE, "document.xml")
    with ExitStack() as running:
        reader: Reader | None = None
        for kind, text in BLOCK.findall((DOCS / f"{page}.md").read_text("utf-8")):
            if kind in ("", "bash"):
                reader = followed(text, reader, running)
        assert reader is not None, "the page starts no server"


@dataclass
class Reader:
    """A reader who follows a page with a server, which has an address and an sFTP address."""

    url: str
    sftp_port: str

    def does(self, line: str) -> None:
        """Run a line in a shell, with a server that was reset."""
        typed(f"curl -ksf -X POST {self.url}/__admin/reset", self.url)
        line = re.sub(r"https?://localhost:8080", self.url, line)
        typed(line.replace("sftp -P 2222", f"{SFTP}{self.sftp_port}"), self.url)


def followed(text: str, reader: Reader | None, running: ExitStack) -> Reader | None:
    """Follow a block: start the server that it names instead of the current one, and run its other lines."""
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        if line.startswith(SERVE):
            running.close()
            reader = served(line.removeprefix(SERVE).replace("--sftp-port 2222", "--sftp-port 0").split(), running)
        elif not line.startswith(NOT_HERE):
            reader.does(line) if reader else typed(line, "")
    return reader


def served(flags: list[str], running: ExitStack) -> Reader:
    server = running.enter_context(serving.running(*flags))
    assert server.process.stderr is not None
    port = ""
    while "--sftp-port" in flags and not port:
        port = server.process.stderr.readline().partition("sftp://")[2].rpartition(":")[2].strip()
    return Reader(server.url, port)


def typed(line: str, url: str) -> None:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "MOCKREGISTER_URL": url}
    done = subprocess.run(["bash", "-ec", line], input=LISTED, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


needs_maven = pytest.mark.skipif(
    "MOCKREGISTER_TEST_MAVEN" not in os.environ, reason="Maven is asked for with MOCKREGISTER_TEST_MAVEN=1"
)


def maven_says(project: Path, url: str) -> str:
    """Test a project with Maven, offline, and return what it prints."""
    environment = {**os.environ, "MOCKREGISTER_URL": url}
    command = ["mvn", "-o", "-B", "test"]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=300).stdout


@needs_maven
def test_the_junit_project_passes(url: str, tmp_path: Path) -> None:
    said = maven_says(shutil.copytree(DOCS / "junit", tmp_path / "junit"), url)
    assert "Tests run: 3, Failures: 0, Errors: 0" in said, said


@needs_maven
def test_a_junit_test_that_fails_leaves_a_recording(url: str, tmp_path: Path) -> None:
    project = shutil.copytree(DOCS / "junit", tmp_path / "junit")
    file = project / "src/test/java/example/ReportingTest.java"
    file.write_text(file.read_text("utf-8").replace("assertEquals(1, lpr3.count", "assertEquals(2, lpr3.count"), "utf-8")
    said = maven_says(project, url)
    assert "Tests run: 3, Failures: 1, Errors: 0" in said, said
    recording = project / "target/lpr3/ReportingTest.whatIsMalformedIsRefusedAndSeen.har"
    assert "MALFORMED_DOCUMENT_FOUND" in recording.read_text("utf-8")


SERVICE = "cda-ws/DocumentRepository_Service/PatientHealthcareReportingService"
TWICE = "Success\nFailure\nINTEGRITY_CHECK | Set "


def can_speak_soap(php: str | None) -> bool:
    """Return True if PHP is installed with its SOAP extension."""
    return php is not None and "soap" in subprocess.run([php, "-m"], capture_output=True, text=True).stdout.split()


def ran_twice(command: list[str], url: str, folder: Path) -> str:
    """Run a client twice with its own register, and return what it prints each time."""
    arguments = [*command, f"{url}/r/a-client-in-{command[0]}/{SERVICE}", str(EXAMPLE), "999011000016000"]
    return "".join(
        subprocess.run(arguments, cwd=folder, capture_output=True, text=True, timeout=60, check=True).stdout for _ in range(2)
    )


@pytest.mark.skipif(not can_speak_soap(shutil.which("php")), reason="there is no PHP with its extension soap here")
def test_the_php_client_submits_a_document(url: str) -> None:
    assert ran_twice(["php", "submit.php"], url, DOCS / "php").startswith(TWICE)


needs_node_soap = pytest.mark.skipif(
    "MOCKREGISTER_TEST_NODE" not in os.environ, reason="node-soap is asked for with MOCKREGISTER_TEST_NODE=<folder>"
)


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """Return a folder with the Node client and node-soap."""
    folder = shutil.copytree(DOCS / "node", tmp_path / "node")
    (folder / "node_modules").symlink_to(Path(os.environ["MOCKREGISTER_TEST_NODE"]) / "node_modules")
    return folder


@needs_node_soap
def test_the_node_client_submits_a_document(url: str, node: Path) -> None:
    assert ran_twice(["node", "submit.mjs"], url, node).startswith(TWICE)


@needs_node_soap
def test_the_test_in_the_recipe_for_node_passes(url: str, node: Path) -> None:
    [script] = [text for kind, text in BLOCK.findall((DOCS / "testing-with-node.md").read_text("utf-8")) if kind == "js"]
    (node / "reporting.test.mjs").write_text(script.replace("http://localhost:8080", url), "utf-8")
    done = subprocess.run(["node", "--test", "reporting.test.mjs"], cwd=node, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


CONTAINER = DOCS / "testcontainers" / "MockregisterContainer.java"
SHAPES = {
    "containers/GenericContainer": """package org.testcontainers.containers;
        public class GenericContainer<S extends GenericContainer<S>> {
            public GenericContainer(org.testcontainers.utility.DockerImageName image) { }
            public S withExposedPorts(Integer... ports) { return null; }
            public S withEnv(String name, String value) { return null; }
            public S waitingFor(org.testcontainers.containers.wait.strategy.WaitStrategy wait) { return null; }
            public String getHost() { return "localhost"; }
            public Integer getMappedPort(int port) { return 1; }
        }""",
    "containers/wait/strategy/WaitStrategy": """package org.testcontainers.containers.wait.strategy;
        public interface WaitStrategy { }""",
    "containers/wait/strategy/HttpWaitStrategy": """package org.testcontainers.containers.wait.strategy;
        public class HttpWaitStrategy implements WaitStrategy { public HttpWaitStrategy forPort(int port) { return this; } }""",
    "containers/wait/strategy/Wait": """package org.testcontainers.containers.wait.strategy;
        public class Wait { public static HttpWaitStrategy forHttp(String path) { return new HttpWaitStrategy(); } }""",
    "utility/DockerImageName": """package org.testcontainers.utility;
        public final class DockerImageName { public static DockerImageName parse(String name) { return null; } }""",
}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("javac") is None, reason="there is no Java compiler")
def test_the_testcontainers_module_compiles_against_stubs_of_testcontainers(tmp_path: Path) -> None:
    files = [tmp_path / f"org/testcontainers/{name}.java" for name in SHAPES]
    for file, text in zip(files, SHAPES.values(), strict=True):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    command = ["javac", "-Xlint:all", "-Werror", "-d", str(tmp_path), *map(str, files), str(CONTAINER)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr


def test_the_testcontainers_module_names_existing_settings_and_services() -> None:
    said = CONTAINER.read_text("utf-8")
    named = {name.lower() for name in re.findall(r'"MOCKREGISTER_(\w+)"', said)}
    assert named
    assert named <= {field.name for field in fields(Settings)}
    services = {f"PatientHealthcare{name}" for name in re.findall(r'SERVICES \+ "(\w+)"', said)}
    assert services == set(client.SERVICES.values())
