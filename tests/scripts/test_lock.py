"""The lock holds what pyproject.toml names, for every Python and machine, each file of it by its hash."""

import re
import tomllib
from itertools import chain

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import start
from scripts.lock import BUILD, COMMAND, LOCKS, MACHINES, PYTHONS, declared

ENTRY = re.compile(
    r"^(?P<pin>[A-Za-z0-9_.-]+==\S+?)(?: ; (?P<marker>.+?))? \\\n(?P<hashes>(?:    .+\n?)+)", re.M
)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def project(pyproject):
    return tomllib.loads(pyproject.read_text(encoding="utf-8"))


def named(document, extras):
    """Everything that pyproject.toml names for some extras, with what builds it."""
    own = document["project"]
    lists = [own["dependencies"], *(own["optional-dependencies"][extra] for extra in extras)]
    lines = chain(*lists, document["build-system"]["requires"], BUILD)
    return [Requirement(line) for line in lines]


def locked(text, environment):
    """The versions that pip would install on one kind of machine."""
    pins = {}
    for entry in ENTRY.finditer(text):
        if entry["marker"] is None or Marker(entry["marker"]).evaluate(environment):
            name, version = entry["pin"].split("==")
            assert canonicalize_name(name) not in pins, f"{name} is locked twice for one machine"
            pins[canonicalize_name(name)] = version
    return pins


def unmet(text, requirements):
    """What is named but not locked within its range somewhere."""
    for machine in MACHINES:
        for python in PYTHONS:
            environment = machine.environment(python)
            pins = locked(text, environment)
            for requirement in requirements:
                if requirement.marker and not requirement.marker.evaluate(environment):
                    continue
                version = pins.get(canonicalize_name(requirement.name))
                if version is None or not requirement.specifier.contains(version, prereleases=True):
                    yield f"{requirement} (got {version}) for Python {python} on {machine.name}"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_is_made_from_this_pyproject(lock, repository):
    text = lock.path.read_text(encoding="utf-8")
    assert f"# declared: {declared(lock)}\n" in text, f"out of date; run: {COMMAND}"
    requirements = named(project(repository / "pyproject.toml"), lock.extras)
    assert list(unmet(text, requirements)) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_hashed_and_no_address_is_named(lock):
    text = lock.path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    entries = list(ENTRY.finditer(text))
    assert len(entries) > 40
    assert sum(len(entry[0].splitlines()) for entry in entries) == len(lines), "a line of another kind"
    for entry in entries:
        hashes = entry["hashes"].replace("\\", "").split()
        assert hashes and all(HASH.fullmatch(given) for given in hashes), entry["pin"]
    assert not re.search(r"://|index|@", text)


def test_the_locks_share_their_versions():
    texts = {lock.name: lock.path.read_text(encoding="utf-8") for lock in LOCKS}
    for lock in LOCKS:
        if lock.within:
            for machine in MACHINES:
                for python in PYTHONS:
                    environment = machine.environment(python)
                    outer, inner = (locked(texts[name], environment) for name in (lock.within, lock.name))
                    differing = {
                        name: (inner[name], outer[name])
                        for name in inner
                        if name in outer and inner[name] != outer[name]
                    }
                    assert differing == {}
                    assert locked(texts["run"], environment).items() <= inner.items()


def test_every_extra_is_locked(repository):
    extras = project(repository / "pyproject.toml")["project"]["optional-dependencies"]
    assert set(extras) == {extra for lock in LOCKS for extra in lock.extras}


def test_the_checks_notice_a_pyproject_that_has_changed(tmp_path, repository):
    changed = tmp_path / "pyproject.toml"
    text = (repository / "pyproject.toml").read_text(encoding="utf-8")
    changed.write_text(text.replace('"numpy>=2"', '"numpy>=99", "not-locked-yet"'), encoding="utf-8")
    for lock in LOCKS:
        assert declared(lock, changed) != declared(lock)
    missed = list(unmet(LOCKS[0].path.read_text(encoding="utf-8"), named(project(changed), ())))
    assert any("numpy" in line for line in missed) and any(
        "not-locked-yet (got None)" in line for line in missed
    )


def test_start_takes_the_pythons_and_machines_of_the_lock():
    assert [".".join(map(str, version)) for version in start.locked_pythons()] == list(PYTHONS)
    machines = {(machine.sys_platform, machine.machine.lower()) for machine in MACHINES}
    assert machines == {(system, machine) for system, names in start.MACHINES.items() for machine in names}
    assert any(f"macOS {start.MACOS}," in machine.name for machine in MACHINES)
