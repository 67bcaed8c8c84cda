"""A lake whose every text tries to be more than text, written by hand."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import TABLES
from tasks.lake import Lake, init_lake
from tests.tasks.staging import article, children, refusal

SCRIPT = "<script>document.title='owned'</script>"
IMAGE = "<img src=x onerror=\"document.title='owned'\">"
TURNED = "cod\u202egpj.exe"
FORMULA = '=HYPERLINK("http://evil.example")'
TITLE = f"{SCRIPT} & “{TURNED}”"
NAME = f"Ida {IMAGE} Holm"
TEXT = f'{FORMULA} said {NAME} 𝔘𝔫𝔦 "{SCRIPT}" {{{{ 7*7 }}}} {TURNED} ]]> --> </p></article>'
NOW = datetime(2026, 7, 1, 4, tzinfo=UTC)
ENTITY, CLUSTER, QUOTE = "e" * 32, "c" * 32, "d" * 32
RUN = "20260701T041500.000000Z-<b>"


def hostile_lake(folder: Path) -> Lake:
    """Two articles that are copies, with a quote each of the same words, a name, a run and a refused record."""
    lake = Lake(folder)
    init_lake(lake)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    stamp = {"run_id": RUN, "ingested_at": NOW}
    first = article("first")["article_id"]
    for name, publisher in (("first", "evil.example"), ("second", f"{IMAGE}.example")):
        row = article(
            name, TEXT, title=TITLE, publisher=publisher, published_on=date(2026, 6, 1), authors=[SCRIPT],
            url="javascript:alert(1)", canonical_url="javascript:alert(1)", section=SCRIPT, subtitle=IMAGE,
            source_uri=SCRIPT, story_id=first, duplicate_of=None if name == "first" else first,
        )  # fmt: skip
        del row["_ordinal"]
        rows["articles"].append(row | stamp | {"revision": 1, "n_revisions": 1})
        made = children(row)
        (quote,) = made["quotes"]
        rows["quotes"].append(
            quote
            | stamp
            | {
                "quote_id": QUOTE if name == "first" else "b" * 32,
                "publisher": publisher,
                "speaker": NAME,
                "speaker_id": ENTITY,
                "speaker_role": SCRIPT,
                "source": NAME,
                "source_spans": [{"start": TEXT.index(NAME), "end": TEXT.index(NAME) + len(NAME)}],
                "speaker_candidates": [{"name": NAME, "score": 0.5}],
                "quote_cluster_id": CLUSTER,
                "addressee": SCRIPT,
                "via": SCRIPT,
            }
        )
        rows["mentions"] += [
            m | stamp | {"entity_id": ENTITY, "name": NAME, "in_quote_id": QUOTE} for m in made["mentions"]
        ]
        rows["links"] += [
            link | stamp | {"kind": "related", "anchor": SCRIPT, "url": "javascript:alert(1)"} for link in made["links"]
        ]
    role = {"role": SCRIPT, "n": 1, "first_on": date(2026, 1, 1), "last_on": date(2026, 6, 1)}
    rows["entities"].append(
        {"entity_id": ENTITY, "name": NAME, "label": "PER", "aliases": [NAME, SCRIPT], "alias_ids": [],
         "roles": [role, role | {"role": IMAGE}], "n_articles": 2, "n_mentions": 4, "n_quotes": 2,
         "first_seen_on": date(2026, 6, 1), "last_seen_on": date(2026, 6, 1)}
    )  # fmt: skip
    rows["quote_clusters"].append(
        {"quote_cluster_id": CLUSTER, "canonical_content": TEXT, "speaker": NAME, "speaker_id": ENTITY,
         "first_seen_on": date(2026, 6, 1), "n_quotes": 2, "n_publishers": 1,
         "wordings": [{"text": TEXT, "n": 1}, {"text": f"{SCRIPT} said", "n": 1}]}
    )  # fmt: skip
    rows["quarantine"].append(
        refusal("a", raw=f"\x1b[2J\x00{SCRIPT}\u202e".encode() + b"\xff", reason=SCRIPT, source_uri=SCRIPT, value=IMAGE)
        | {"first_seen_at": NOW, "last_seen_at": NOW, "run_id": RUN}
    )
    counts = dict.fromkeys(("n_files_unchanged", "n_unchanged", "n_superseded", "n_mentions"), 0)
    rows["runs"] += [
        {"run_id": run_id, "status": "failed", "message": SCRIPT, "started_at": NOW, "finished_at": NOW,
         "code_version": SCRIPT, "schema_version": "1.1", "extractor": SCRIPT, "parameters": [], "n_files": 1,
         "n_records": 3, "n_written": 2, "n_quarantined": 1, "n_quotes": 2, "stages": [], **counts,
         "files": [{"uri": SCRIPT, "sha256": None, "n_bytes": None, "n_records": 1, "status": "read"}]}
        for run_id in (RUN, "20260630")
    ]  # fmt: skip
    for name, table in TABLES.items():
        if rows[name]:
            for path in lake.files(table):
                path.unlink()
            months = {"quarantine": "2026-07"}
            path = lake.partition_file(table, months.get(name, "2026-06"))
            path.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(pa.Table.from_pylist(rows[name], schema=table.schema), path)
    return lake
