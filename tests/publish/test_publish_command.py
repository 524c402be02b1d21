"""``sitegen publish``: from the command line to a host and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from sitegen.build import Options, build
from sitegen.cli import main
from sitegen.commands import publishing
from tests.demo import DAY
from tests.publish import servers
from tests.publish.servers import PASSWORD


def run(root: Path, *args: str, lang: str = "en", **env: str) -> Result:
    return CliRunner(env=env).invoke(main, ["-C", str(root), "--date", "2026-05-10", "--lang", lang, "publish", *args])


@pytest.fixture
def built(region: Callable[..., Path]) -> Path:
    root = region()
    build(Options(root, root / "public", DAY.replace(month=5, day=10)))
    return root


def released(root: Path) -> None:
    """As if a person had released everything."""
    place = root / "public" / ".store" / "state.json"
    place.write_text(json.dumps(json.loads(place.read_text(encoding="utf-8")) | {"unreleased": []}), encoding="utf-8")


def targets(root: Path, *lines: str) -> None:
    (root / "publish.yml").write_text("targets:\n" + "".join(f"  - {line}\n" for line in lines), encoding="utf-8")


def hosts(root: Path) -> list[str]:
    return sorted(p.name for p in (root / "public").iterdir() if not p.name.startswith("."))


def test_what_is_not_released_stays_here(built: Path) -> None:
    targets(built, f"{{id: main, host: {hosts(built)[0]}, to: www}}")
    result = run(built)
    assert result.exit_code == 1
    assert "are not released" in result.stderr
    assert "sitegen release" in result.stderr
    assert not (built / "www").exists()
    assert "没有发布（release）" in run(built, lang="zh").stderr


def test_to_a_host_by_ftp(built: Path, tmp_path: Path) -> None:
    released(built)
    with servers.ftp(tmp_path / "there") as server:
        targets(built, f"{{id: main, host: {hosts(built)[0]}, to: '{server.target.to}/htdocs'}}")
        dry = run(built, "--dry-run", SITEGEN_PASSWORD_MAIN=PASSWORD)
        assert dry.exit_code == 0, dry.output
        assert "files would be sent" in dry.stdout
        assert not server.files()
        result = run(built, "main", SITEGEN_PASSWORD_MAIN=PASSWORD)
        assert result.exit_code == 0, result.output
        assert "home pages: " in result.stdout
        assert server.files()["htdocs/index.html"] == (built / "public" / hosts(built)[0] / "index.html").read_bytes()
        assert PASSWORD not in result.output
        wrong = run(built, "main", SITEGEN_PASSWORD_MAIN="wrong")
        assert wrong.exit_code == 1
        assert "main: 127.0.0.1 refuses user webmaster" in wrong.stderr


def test_what_was_never_released_does_not_go_out_because_it_is_held_back(built: Path) -> None:
    """Its earlier version stays in the sites here, and that was not released either."""
    targets(built, f"{{id: main, host: {hosts(built)[0]}, to: www}}")
    released(built)
    place = built / "public" / ".store" / "state.json"
    records = sorted((built / "villages/heping/dongjie/records").glob("*.md"))
    ref = f"230198101201/{records[0].stem}"
    place.write_text(json.dumps(json.loads(place.read_text(encoding="utf-8")) | {"unreleased": [ref]}), encoding="utf-8")
    text = records[0].read_text(encoding="utf-8")
    records[0].write_text(text.replace("item: ", "itme: "), encoding="utf-8")
    for _ in range(2):
        made = build(Options(built, built / "public", DAY.replace(month=5, day=10)))
        assert made.held
        assert ref in json.loads(place.read_text(encoding="utf-8"))["unreleased"]
        records[0].write_text(records[0].read_text(encoding="utf-8") + "\n再改一处。\n", encoding="utf-8")
    assert "are not released" in run(built).stderr
    assert not (built / "www").exists()


def test_what_a_build_that_failed_left_is_not_sent_in_silence(built: Path) -> None:
    targets(built, f"{{id: main, host: {hosts(built)[0]}, to: www}}")
    unit = built / "content" / "county" / "unit.yml"
    text = unit.read_text(encoding="utf-8")
    order = Options(built, built / "public", DAY.replace(month=5, day=10))
    unit.write_text(text.replace("name: ", "nmae: ", 1), encoding="utf-8")
    assert build(order).refused
    result = run(built)
    assert result.exit_code == 1
    assert "the last build failed or was cut" in result.stderr
    unit.write_text(text, encoding="utf-8")
    build(order)  # nothing has changed since the last good one
    assert "the last build failed" not in run(built).stderr
    with pytest.raises(KeyboardInterrupt):
        build(replace(order, force=True), _stopped)
    assert "the last build failed or was cut" in run(built).stderr
    build(replace(order, force=True))
    assert "the last build failed" not in run(built).stderr


def _stopped(*_: object) -> None:
    raise KeyboardInterrupt


def test_one_target_that_fails_does_not_stop_the_others(built: Path, tmp_path: Path) -> None:
    released(built)
    host = hosts(built)[0]
    targets(built, "{id: gone, host: nowhere.example.cn, to: a}", f"{{id: there, host: {host}, to: b}}")
    result = run(built)
    assert result.exit_code == 1
    assert "gone: not published: there is no site of nowhere.example.cn" in result.stderr
    assert (built / "b" / "index.html").exists()


def test_targets_and_mistakes_in_the_file(built: Path) -> None:
    assert "there is no publish.yml" in run(built).stderr
    targets(built, "{id: main, host: gk.example.cn, to: www}")
    assert run(built, "--list").stdout == "main  gk.example.cn → www\n"
    other = run(built, "other")
    assert other.exit_code == 2
    assert "has no target «other»; there are: main" in other.stderr
    targets(built, "{id: main, host: gk.example.cn, to: 'ftp://u:geheim@h', colour: red}")
    wrong = run(built)
    assert wrong.exit_code == 2
    assert "publish.yml:2" in wrong.stderr
    assert "a password must not stand in the file" in wrong.stderr


def test_a_password_that_is_kept_nowhere_is_asked_for(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released(built)
    asked = []
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    monkeypatch.setattr(publishing, "_somebody_there", lambda: True)
    monkeypatch.setattr("click.prompt", lambda text, **_: asked.append(text) or PASSWORD)
    with servers.ftp(tmp_path / "there") as server:
        targets(built, f"{{id: main, host: {hosts(built)[0]}, to: '{server.target.to}'}}")
        assert run(built).exit_code == 0
        assert asked == ["password of webmaster at 127.0.0.1"]
        assert run(built, SITEGEN_PASSWORD_MAIN=PASSWORD).exit_code == 0
        assert len(asked) == 1
    monkeypatch.setattr(publishing, "_somebody_there", lambda: False)
    assert run(built).exit_code == 1, "nobody is asked by a task at night"
    assert len(asked) == 1


def test_stopping_by_hand(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released(built)
    targets(built, f"{{id: main, host: {hosts(built)[0]}, to: www}}")

    monkeypatch.setattr("sitegen.publish.local.LocalStore.send", _stopped)
    result = run(built)
    assert result.exit_code == 1
    assert "main: stopped; publish again, and it goes on from here" in result.stderr


def test_what_is_not_ours_is_named_before_it_is_deleted(built: Path) -> None:
    released(built)
    targets(built, f"{{id: main, host: {hosts(built)[0]}, to: www}}")
    (built / "www").mkdir()
    (built / "www" / "cms.php").write_text("<?php")
    assert "1 files there are not ours and stay: cms.php" in run(built, "--dry-run").stdout
    assert "1 files there are not ours and are deleted: cms.php" in run(built, "--dry-run", "--prune-foreign").stdout
    assert (built / "www" / "cms.php").exists()
    run(built, "--prune-foreign")
    assert not (built / "www" / "cms.php").exists()


def test_a_host_that_is_misspelt(built: Path) -> None:
    released(built)
    targets(built, "{id: main, host: gk.exmple.cn, to: www}")
    assert f"there are: {', '.join(hosts(built))}" in run(built).stderr
