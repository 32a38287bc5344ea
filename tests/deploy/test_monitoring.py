"""Alerts and dashboard: Prometheus reads them, each alert fires when it should and stays quiet when
not, and nothing in them asks for a metric that the server does not have.
"""

import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import trio

from server.app import running_app
from server.config.settings import ListenSettings, Settings, StoreSettings
from server.metric_table import read_logs
from server.ops.logs import logs_to
from tests.docs.pages import ROOT

ALERTS = ROOT / "deploy" / "prometheus-alerts.yml"
DASHBOARD = ROOT / "deploy" / "grafana-dashboard.json"
METRIC = re.compile(r"skirmish_[a-z_]+")
DAY_S = 86_400

# Series, minute by minute, under which each alert fires and does not: promtool's notation.
FIRING: dict[str, dict[str, str]] = {
    "SkirmishDown": {'up{job="skirmish"}': "0x60"},
    "SkirmishTicksLate": {
        "skirmish_ticks_late_total": "0+200x60",
        "skirmish_ticks_total": "0+3600x60",
    },
    "SkirmishTicksAbandoned": {"skirmish_ticks_abandoned_total": "0+10x60"},
    "SkirmishMatchFaults": {'skirmish_matches_ended_total{reason="fault"}': "0+1x60"},
    "SkirmishConnectionFaults": {"skirmish_connection_faults_total": "0+1x60"},
    "SkirmishJournals": {
        "skirmish_journal_failures_total": "0+1x60",
        "skirmish_journals_given_up_total": "0x60",
    },
    "SkirmishResultsWait": {"skirmish_results_pending": "101x60"},
    "SkirmishResultsLost": {"skirmish_results_dropped_total": "0+1x60"},
    "SkirmishFull": {"skirmish_open_seats": "0x60", "skirmish_lobby_queued": "3x60"},
    "SkirmishQueueSlow": {
        'skirmish_lobby_wait_seconds_bucket{le="30"}': "0+1x60",
        'skirmish_lobby_wait_seconds_bucket{le="60"}': "0+9x60",
        'skirmish_lobby_wait_seconds_bucket{le="+Inf"}': "0+9x60",
    },
    "SkirmishRefusesConnections": {'skirmish_connections_refused_total{limit="RATE"}': "0+400x60"},
    "SkirmishTlsFailures": {"skirmish_tls_failures_total": "0+100x60"},
    "SkirmishCertificateEnds": {"skirmish_certificate_ends_seconds": f"{9 * DAY_S}x60"},
    "SkirmishInterpreted": {"skirmish_compiled": "0x120"},
    "SkirmishLogLinesLost": {"skirmish_log_lines_dropped_total": "0+1x60"},
}
QUIET: dict[str, dict[str, str]] = {
    "SkirmishDown": {'up{job="skirmish"}': "1x60", 'up{job="other"}': "0x60"},
    "SkirmishTicksLate": {
        "skirmish_ticks_late_total": "0+10x60",
        "skirmish_ticks_total": "0+3600x60",
    },
    "SkirmishTicksAbandoned": {"skirmish_ticks_abandoned_total": "7x60"},
    "SkirmishMatchFaults": {
        'skirmish_matches_ended_total{reason="fault"}': "2x60",
        'skirmish_matches_ended_total{reason="over"}': "0+5x60",
    },
    "SkirmishConnectionFaults": {"skirmish_connection_faults_total": "3x60"},
    "SkirmishJournals": {
        "skirmish_journal_failures_total": "4x60",
        "skirmish_journals_given_up_total": "1x60",
    },
    "SkirmishResultsWait": {"skirmish_results_pending": "99x60"},
    "SkirmishResultsLost": {"skirmish_results_dropped_total": "5x60"},
    "SkirmishFull": {"skirmish_open_seats": "0x60", "skirmish_lobby_queued": "0x60"},
    "SkirmishQueueSlow": {
        'skirmish_lobby_wait_seconds_bucket{le="10"}': "0+9x60",
        'skirmish_lobby_wait_seconds_bucket{le="30"}': "0+9x60",
        'skirmish_lobby_wait_seconds_bucket{le="+Inf"}': "0+9x60",
    },
    "SkirmishRefusesConnections": {'skirmish_connections_refused_total{limit="RATE"}': "0+60x60"},
    "SkirmishTlsFailures": {"skirmish_tls_failures_total": "0+10x60"},
    "SkirmishCertificateEnds": {"skirmish_certificate_ends_seconds": f"{12 * DAY_S}x60"},
    "SkirmishInterpreted": {"skirmish_compiled": "1x120"},
    "SkirmishLogLinesLost": {"skirmish_log_lines_dropped_total": "9x60"},
}


def promtool(*arguments: str) -> "subprocess.CompletedProcess[str]":
    program = shutil.which("promtool")
    if program is None and os.environ.get("CI") == "true":
        pytest.fail("no promtool on the PATH, and CI=true wants every test", pytrace=False)
    if program is None:
        pytest.skip("no promtool on the PATH (sudo apt install prometheus)")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def alerts() -> list[str]:
    return re.findall(r"- alert: (\w+)", ALERTS.read_text())


def case(alert: str, series: dict[str, str], *, fires: bool) -> dict[str, Any]:
    """One test of promtool: at the end of an hour or two, whether the alert fires."""
    minutes = 100 if "x120" in "".join(series.values()) else 50
    return {
        "name": f"{alert} {'fires' if fires else 'is quiet'}",
        "interval": "1m",
        "input_series": [{"series": name, "values": row} for name, row in series.items()],
        "promql_expr_test": [
            {
                "expr": f'count(ALERTS{{alertname="{alert}", alertstate="firing"}}) or vector(0)',
                "eval_time": f"{minutes}m",
                "exp_samples": [{"labels": "{}", "value": int(fires)}],
            }
        ],
    }


def test_prometheus_reads_the_alerts() -> None:
    done = promtool("check", "rules", str(ALERTS))
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_fires_when_it_should_and_is_quiet_when_not(tmp_path: Path) -> None:
    assert list(FIRING) == list(QUIET) == alerts()
    cases = [case(alert, FIRING[alert], fires=True) for alert in alerts()]
    cases += [case(alert, QUIET[alert], fires=False) for alert in alerts()]
    path = tmp_path / "cases.yml"  # JSON is YAML
    path.write_text(json.dumps({"rule_files": [str(ALERTS)], "tests": cases}))
    done = promtool("test", "rules", str(path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_says_what_to_do() -> None:
    text = ALERTS.read_text()
    count = len(alerts())
    for part in ("summary:", "description:", "severity:"):
        assert text.count(part) == count


@pytest.mark.parametrize("path", [ALERTS, DASHBOARD], ids=lambda path: path.name)
def test_no_metric_is_asked_for_that_the_server_does_not_have(path: Path, tmp_path: Path) -> None:
    text = path.read_text()
    asked = set(METRIC.findall(text))
    found = trio.run(
        metrics_of_a_server,
        Settings(net=ListenSettings(port=0), store=StoreSettings(data_dir=str(tmp_path))),
    )
    assert len(asked) > 10
    assert asked - found == set()


async def metrics_of_a_server(settings: Settings) -> set[str]:
    """The names that a real server has, as Prometheus stores them."""
    with logs_to(io.StringIO(), "json", "error", 10) as writer:
        async with running_app(settings) as app:
            read_logs(app.metrics, writer)
            text = app.metrics.render().decode()
    names: set[str] = set()
    for name, kind in re.findall(r"# TYPE (\S+) (\w+)", text):
        names |= {f"{name}_bucket", f"{name}_sum"} if kind == "histogram" else {name}
    return names


def test_the_dashboard_is_whole() -> None:
    board = json.loads(DASHBOARD.read_text())
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(places) == len(panels)
    assert all(target["expr"] for panel in panels for target in panel["targets"])
