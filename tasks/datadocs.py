"""Draws a run's validation results as Great Expectations' Data Docs.

The pages are Great Expectations' own, made self-contained: its style sheets and scripts come from content delivery
networks, so they are taken out, a small style sheet is put in, and a policy forbids the page to load or run anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import html
from lxml.html import HtmlElement

from schemas.expectations import import_quietly

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; width: 100% }
td, th { border: 1px solid #8886; padding: .3rem .6rem; text-align: left; vertical-align: top }
.badge { background: #8882; border-radius: .3rem; padding: 0 .3rem }
"""
LOADED = ("script", "link", "img", "style", "iframe", "object", "embed", "form", "button", "input", "svg")
# What is of no use here: the site's head, the filter, the switch that unfolds a table, and an advertisement.
IDLE = ".//nav[not(@id)] | .//div[@class='card mb-3'] | .//*[@data-toggle='collapse'] | .//footer"
STATUS = {"text-success": "✓", "text-danger": "✗"}  # in place of the icons of a font that is not loaded
CONTROLS = {code: "\ufffd" for code in range(32) if chr(code) not in "\t\n\r"}  # no page may hold them


def write_data_docs(results: Mapping[str, Mapping[str, Any]], directory: Path, run_id: str, run_time: datetime) -> Path:
    """Writes ``data_docs/`` (index.html and a page a table) and returns its index.

    ``results`` has the summary of each table (tasks.validate.merge_results) under the table's name.
    """
    folder = directory / "data_docs"
    folder.mkdir(exist_ok=True)
    for table, result in results.items():
        page = _render(_validation_result(table, result, run_id, run_time))
        (folder / f"{table}.html").write_text(_self_contained(page, f"{table}: {run_id}"), encoding="utf-8")
    index = folder / "index.html"
    index.write_text(_index(results, run_id), encoding="utf-8")
    return index


def _validation_result(
    table: str, result: Mapping[str, Any], run_id: str, run_time: datetime
) -> ExpectationSuiteValidationResult:
    """The summary as the object that is rendered; values are escaped here because the templates do not do it."""
    import_quietly()
    from great_expectations import __version__
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    outcomes = []
    for summary in result["expectations"]:
        n, n_unexpected = summary["element_count"], summary["unexpected_count"]
        percent = 100 * n_unexpected / n if n else 0.0
        config = ExpectationConfiguration(
            type=summary["type"], kwargs=_escaped(summary["kwargs"]), meta={"reason_code": summary["reason_code"]}
        )
        detail = {
            "observed_value": summary["kwargs"].get("column_list"),  # of the one expectation on whole tables
            "element_count": n,
            "unexpected_count": n_unexpected,
            "unexpected_percent": percent,
            "unexpected_percent_total": percent,
            "unexpected_percent_nonmissing": percent,
            "missing_count": 0,
            "missing_percent": 0.0,
            "partial_unexpected_list": _escaped(summary["examples"]),
        }
        outcomes.append(
            ExpectationValidationResult(success=summary["success"], expectation_config=config, result=detail)
        )
    n_good = sum(summary["success"] for summary in result["expectations"])
    return ExpectationSuiteValidationResult(
        success=result["success"],
        results=outcomes,
        suite_name=table,
        statistics={
            "evaluated_expectations": len(outcomes),
            "successful_expectations": n_good,
            "unsuccessful_expectations": len(outcomes) - n_good,
            "success_percent": 100 * n_good / len(outcomes) if outcomes else 100.0,
        },
        meta={
            "run_id": {"run_name": escape(run_id), "run_time": run_time.isoformat()},
            "great_expectations_version": __version__,
            "batch_kwargs": {"data_asset_name": table},
        },
    )


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return escape(value.translate(CONTROLS))
    if isinstance(value, Mapping):
        return {name: _escaped(item) for name, item in value.items()}
    if isinstance(value, Sequence):
        return [_escaped(item) for item in value]
    return value


def _render(result: ExpectationSuiteValidationResult) -> str:
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView

    page: str = DefaultJinjaPageView().render(ValidationResultsPageRenderer(run_info_at_end=False).render(result))
    return page


def _self_contained(page: str, title: str) -> str:
    """The page's content without anything that is loaded, run or linked elsewhere."""
    body: HtmlElement = html.document_fromstring(page).find("body")
    for element in body.xpath(IDLE):
        element.drop_tree()
    for icon in body.xpath(".//i"):
        icon.text = next((text for name, text in STATUS.items() if name in icon.get("class", "")), None)
    linked = {link.removeprefix("#") for link in body.xpath(".//a/@href")}
    for element in list(body.iterdescendants()):
        if element.tag in LOADED or not isinstance(element.tag, str):
            element.drop_tree()
            continue
        if element.tag == "a" and not element.get("href", "").startswith("#"):
            element.drop_tag()
        for name in list(element.attrib):
            is_stray = (name == "href" and element.tag != "a") or (name == "id" and element.get("id") not in linked)
            if name.startswith("on") or name in ("src", "style") or is_stray:
                del element.attrib[name]
    content = html.tostring(body, encoding="unicode", method="html")
    return _page(title, content.removeprefix("<body>").removesuffix("</body>"))


def _page(title: str, content: str) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body>{content}</body></html>\n"
    )


def _index(results: Mapping[str, Mapping[str, Any]], run_id: str) -> str:
    rows = [
        f'<tr><td><a href="{escape(table)}.html">{escape(table)}</a></td><td>{result["n_rows"]:,}</td>'
        f"<td>{result['n_refused']:,}</td><td>{sum(e['success'] for e in result['expectations'])}"
        f" of {len(result['expectations'])}</td></tr>"
        for table, result in results.items()
    ]
    head = "<tr><th>table</th><th>rows checked</th><th>rows refused</th><th>expectations met</th></tr>"
    return _page(
        f"Validation of {run_id}", f"<h1>Validation of {escape(run_id)}</h1><table>{head}{''.join(rows)}</table>"
    )
