"""Every column of every table, defined once.

The Parquet schema, the metadata in the files, the structural expectations, the DuckDB comments and
docs/data-dictionary.md are all derived from these definitions. Names follow one convention: ``_at`` is a UTC
timestamp, ``_on`` a date, ``n_`` a count, ``is_`` a boolean, ``_id`` a key; offsets are 0-based half-open Unicode
code point offsets.
"""

# fmt: off
# One column a line reads best.
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

TIMESTAMP = pa.timestamp("us", tz="UTC")
STRINGS = pa.list_(pa.string())
SPAN = pa.struct([pa.field("start", pa.int32()), pa.field("end", pa.int32())])
SPANS = pa.list_(SPAN)
CANDIDATES = pa.list_(pa.struct([pa.field("name", pa.string()), pa.field("score", pa.float32())]))
ROLES = pa.list_(
    pa.struct(
        [
            pa.field("role", pa.string()),
            pa.field("n", pa.int64()),
            pa.field("first_on", pa.date32()),
            pa.field("last_on", pa.date32()),
        ]
    )
)
WORDINGS = pa.list_(pa.struct([pa.field("text", pa.string()), pa.field("n", pa.int64())]))
STAGES = pa.list_(
    pa.struct([pa.field("stage", pa.string()), pa.field("n", pa.int64()), pa.field("seconds", pa.float64())])
)
PASSED_OVER = pa.list_(
    pa.struct([pa.field("uri", pa.string()), pa.field("kind", pa.string()), pa.field("n", pa.int64())])
)
FIGURES = pa.list_(pa.struct([pa.field("name", pa.string()), pa.field("value", pa.float64())]))
FILES = pa.list_(
    pa.struct(
        [
            pa.field("uri", pa.string()),
            pa.field("sha256", pa.string()),
            pa.field("n_bytes", pa.int64()),
            pa.field("n_records", pa.int64()),
            pa.field("status", pa.string()),
        ]
    )
)
MARK = pa.struct(
    [
        pa.field("offset", pa.int64()),
        pa.field("n_lines", pa.int64()),
        pa.field("n_records", pa.int64()),
        pa.field("is_cr", pa.bool_()),
        pa.field("is_legacy", pa.bool_()),
    ]
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Arrow type, whether it may be NULL, one sentence on what it holds, and an example.

    ``values`` is the closed set of values, where there is one. ``volatile`` columns say when and by which run a row
    was written, so they are left out when two versions of a row are compared. ``linked`` columns say what the row is
    among all rows of the lake; they are filled when it is published, and may change when others are.
    """

    name: str
    type: pa.DataType
    description: str
    example: Any = None
    nullable: bool = True
    values: tuple[str, ...] = ()
    volatile: bool = False
    linked: bool = False


def required(column: Column) -> Column:
    """The same column, never NULL."""
    return replace(column, nullable=False)


PRECISIONS = ("instant", "minute", "day", "month", "year", "unknown")
DATE_SOURCES = ("field", "html_metadata", "byline", "url", "feed")
QUOTE_KINDS = ("direct", "mixed", "indirect")
SPEAKER_TYPES = ("person", "organisation", "place", "group", "unnamed", "author")
RESOLUTIONS = (
    "full_name",
    "partial_name",
    "pronoun",
    "description",
    "organisation",
    "implicit",
    "unnamed",
)
LABELS = ("PER", "ORG", "LOC", "MISC")
MENTION_TYPES = ("name", "pronoun", "description")
LINK_KINDS = ("inline", "related")
QUARANTINE_STAGES = ("read", "normalise", "validate", "deduplicate", "extract")
RUN_STATUSES = ("completed", "failed")
FORGET_KINDS = ("article", "source", "publisher")
FILE_STATUSES = ("read", "continued", "rejected", "ignored", "removed")
DECISIONS = ("wrong_speaker", "not_a_quote", "confirm", "same_person", "different_person", "revert")
DECISION_STATUSES = ("applied", "stale", "superseded", "overruled", "reverted")
FITS = ("exact", "same_words", "overlap")

# Columns that several tables share.
ARTICLE_ID = Column(
    "article_id",
    pa.string(),
    "Key of the article: 32 hex digits, BLAKE2b-128 of the canonical URL, or of publisher, title, day and text where"
    " there is no canonical URL; the same on every machine and in every release.",
    "1f0c6a4b9d2e8f7a5c3b1d0e9f8a7b6c",
    nullable=False,
)
PUBLISHED_ON = Column(
    "published_on",
    pa.date32(),
    "Day of publication in the article's own time zone; NULL where unknown, never the day of the run.",
    "2019-03-28",
)
PUBLISHER = Column(
    "publisher",
    pa.string(),
    "Registered domain of the publisher, or the slug of the name that the source gives.",
    "themoscowtimes.com",
)
LANGUAGE = Column("language", pa.string(), "Language of the text as a BCP 47 primary subtag.", "en")
CONFIDENCE = Column(
    "confidence", pa.float32(), "How sure the extractor is that the row is right, 0 to 1.", 0.95, nullable=False
)
RULE = Column("rule", pa.string(), "Name of the rule that found the row; docs/extraction.md lists them.", "quote-said-name")
EXTRACTOR = Column(
    "extractor",
    pa.string(),
    "Name and version of the extractor that made the row.",
    "rules/1.0.0",
    nullable=False,
)
RUN_ID = Column(
    "run_id", pa.string(), "Run that wrote the row.", "20190328T041500.000000Z-9f2c1a7b", nullable=False, volatile=True
)
LABEL = Column("label", pa.string(), "PER, ORG, LOC or MISC.", "PER", nullable=False, values=LABELS)
SPEAKER_ID = Column(
    "speaker_id",
    pa.string(),
    "entity_id of the speaker, the same in all articles; NULL where the speaker is unnamed.",
    "7d3c9a51e0b84f26a1c5d9e8f7060504",
    linked=True,
)
QUOTE_CLUSTER_ID = Column(
    "quote_cluster_id",
    pa.string(),
    "quote_cluster_id of the utterance; NULL for contents too short to tell from others.",
    "c0ffee00c0ffee00c0ffee00c0ffee00",
    linked=True,
)
DECISION_ID = Column(
    "decision_id",
    pa.string(),
    "Decision of a person that the row follows, from the table corrections; NULL where nobody has decided.",
    "5d39ba2de89531d9f2c454fa00bf8cd3",
)
SOURCE_URI = Column(
    "source_uri",
    pa.string(),
    "Raw file, as a path relative to the folder that was ingested.",
    "moscow/000_7509d60f.txt",
    nullable=False,
)
SOURCE_MEMBER = Column(
    "source_member",
    pa.string(),
    "Where in the file the record stands: `record:N`, N counted from 1 (`line:N` in JSON Lines); NULL where the file is"
    " one record.",
    "line:17",
)
ROOT = Column(
    "root",
    pa.string(),
    "Folder in which the run looked for files; NULL where it read none, and before schema 1.2.",
    "/srv/dumps",
)
START = Column("start", pa.int32(), "Offset of the first character in articles.text.", 120, nullable=False)
END = Column("end", pa.int32(), "Offset behind the last character in articles.text.", 134, nullable=False)
IS_IN_TITLE = Column(
    "is_in_title",
    pa.bool_(),
    "True where the offsets count in articles.title instead of articles.text.",
    False,
    nullable=False,
)

ARTICLES = (
    ARTICLE_ID,
    Column("url", pa.string(), "Address as found; NULL where there is none or it is not http(s).", "https://example.com/a?utm_source=x"),
    Column(
        "canonical_url",
        pa.string(),
        "Address with scheme, host case, tracking parameters, fragment, AMP and mobile forms normalised; NULL for"
        " a site's front page, which many articles share.",
        "https://example.com/a",
    ),
    PUBLISHER,
    Column("publisher_name", pa.string(), "Name of the publisher as printed, where the source says it.", "The Moscow Times"),
    Column("title", pa.string(), "Headline without the site's suffix.", "Council Approves New Bridge", nullable=False),
    Column("subtitle", pa.string(), "Standfirst or summary that the source gives beside the headline.", "Work starts in May"),
    Column("section", pa.string(), "Section or category as the source names it.", "Politics"),
    Column("authors", STRINGS, "People in the byline, one each, without «By», roles or addresses.", ["Ann Lee"], nullable=False),
    Column("agencies", STRINGS, "News agencies credited in the byline or dateline.", ["Reuters"], nullable=False),
    Column("credit", pa.string(), "Picture credit line, taken out of the text.", "Ann Lee / TASS"),
    Column(
        "published_at",
        TIMESTAMP,
        "Time of publication in UTC; NULL where only a day is known.",
        "2019-03-28T09:30:00Z",
    ),
    PUBLISHED_ON,
    Column(
        "published_precision",
        pa.string(),
        "How much of the date is known.",
        "day",
        nullable=False,
        values=PRECISIONS,
    ),
    Column("published_source", pa.string(), "Where the date was read.", "byline", values=DATE_SOURCES),
    Column("published_raw", pa.string(), "The date exactly as found.", "March 28, 2019"),
    Column("modified_at", TIMESTAMP, "Time of the last change that the source states, in UTC.", "2019-03-28T10:00:00Z"),
    LANGUAGE,
    Column("language_confidence", pa.float32(), "How sure the language detection is, 0 to 1; 1 where the source states it.", 0.99),
    Column(
        "text",
        pa.string(),
        "Body: Unicode NFC, paragraphs joined by one blank line, no markup and no furniture.",
        "The council voted on Tuesday.\n\n“It is time,” the mayor said.",
        nullable=False,
    ),
    Column(
        "is_summary_only",
        pa.bool_(),
        "True where the source gives only a summary of the article, as many feeds do, so that the text is no whole"
        " article; NULL in rows of schema 1.0.",
        False,
    ),
    Column("n_words", pa.int32(), "Number of words in the text.", 412, nullable=False),
    Column("n_paragraphs", pa.int32(), "Number of paragraphs in the text.", 14, nullable=False),
    Column(
        "repairs",
        STRINGS,
        "What was mended in title and text: mojibake, html_entities, control_characters, bidi_characters, lost_characters;"
        " docs/normalising.md explains them. NULL in rows older than schema 1.1.",
        ["mojibake"],
    ),
    Column(
        "content_sha256",
        pa.string(),
        "SHA-256 of the text with case and white space folded: equal for exact copies.",
        "9b74c9897bac770ffc029102a200c5de…",
        nullable=False,
    ),
    Column("duplicate_of", pa.string(), "article_id of the earliest article with the same or nearly the same text; NULL where this one is the earliest.", None, linked=True),
    Column("story_id", pa.string(), "One id for all copies of a text, near copies too: the article_id of the earliest.", "1f0c6a4b…", nullable=False, linked=True),
    Column("revision", pa.int32(), "Number of this version among those seen, counted from 1.", 1, nullable=False),
    Column("n_revisions", pa.int32(), "Number of versions seen with different text.", 1, nullable=False),
    SOURCE_URI,
    SOURCE_MEMBER,
    Column("source_format", pa.string(), "Reader that read the record.", "text_dump", nullable=False),
    Column("source_sha256", pa.string(), "SHA-256 of the raw file.", "5e884898da28047151d0e56f8dc62927…", nullable=False),
    EXTRACTOR,
    RUN_ID,
    Column(
        "ingested_at",
        TIMESTAMP,
        "Time when the run that wrote the row started, in UTC.",
        "2019-03-28T04:15:00Z",
        nullable=False,
        volatile=True,
    ),
)

QUOTES = (
    Column(
        "quote_id",
        pa.string(),
        "Key of the attribution: 32 hex digits, BLAKE2b-128 of article_id and content spans.",
        "7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a2f",
        nullable=False,
    ),
    ARTICLE_ID,
    PUBLISHED_ON,
    PUBLISHER,
    LANGUAGE,
    Column(
        "kind",
        pa.string(),
        "direct: all in quotation marks; mixed: partly; indirect: none.",
        "direct",
        nullable=False,
        values=QUOTE_KINDS,
    ),
    Column("content", pa.string(), "What was said, as printed; separate parts are joined by « … ».", "“It is time,”", nullable=False),
    Column("content_spans", SPANS, "Where the content stands in articles.text.", [{"start": 31, "end": 44}], nullable=False),
    Column("verbatim", STRINGS, "The words inside quotation marks, marks removed, brackets kept.", ["It is time,"], nullable=False),
    Column("cue", pa.string(), "Words that signal the attribution.", "said"),
    Column("cue_lemma", pa.string(), "Dictionary form of the cue's verb, or the cue itself where it has none.", "say"),
    Column("cue_spans", SPANS, "Where the cue stands.", [{"start": 55, "end": 59}], nullable=False),
    Column("source", pa.string(), "Words that name the speaker, as printed.", "the mayor"),
    Column("source_spans", SPANS, "Where the source stands.", [{"start": 45, "end": 54}], nullable=False),
    Column("speaker", pa.string(), "Fullest name that the article gives for the speaker; NULL where unnamed or unknown.", "Ann Lee"),
    Column("speaker_type", pa.string(), "What kind of speaker it is.", "person", values=SPEAKER_TYPES),
    SPEAKER_ID,
    Column("speaker_role", pa.string(), "What the article says the speaker is.", "mayor"),
    Column("speaker_affiliation", pa.string(), "Body that the speaker belongs to or speaks for.", "City Council"),
    Column("resolution", pa.string(), "How the source names the speaker.", "description", values=RESOLUTIONS),
    Column(
        "speaker_candidates",
        CANDIDATES,
        "Names considered, best first, with scores from 0 to 1.",
        [{"name": "Ann Lee", "score": 0.8}],
        nullable=False,
    ),
    Column("addressee", pa.string(), "To whom it was said, as printed.", "reporters"),
    Column("via", pa.string(), "Outlet that the quote was taken from.", "Interfax"),
    Column("is_negated", pa.bool_(), "True where the source denies it or is said not to have said it.", False, nullable=False),
    IS_IN_TITLE,
    QUOTE_CLUSTER_ID,
    Column("parent_quote_id", pa.string(), "quote_id of the quote that this one stands in.", None),
    Column("n_paragraphs", pa.int32(), "Number of paragraphs that the content runs over.", 1, nullable=False),
    Column("context_before", pa.string(), "Up to 200 characters before the attribution.", "The council voted on Tuesday.", nullable=False),
    Column("context_after", pa.string(), "Up to 200 characters behind the attribution.", "", nullable=False),
    replace(CONFIDENCE, description=f"{CONFIDENCE.description[:-1]}; 1 where a person has decided."),
    replace(RULE, description=f"{RULE.description[:-1]}; corrected/ and a decision_id where a person has named the speaker.", nullable=False),
    EXTRACTOR,
    RUN_ID,
    DECISION_ID,
)

MENTIONS = (
    Column(
        "mention_id",
        pa.string(),
        "Key of the mention: 32 hex digits, BLAKE2b-128 of article_id, place and label.",
        "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        nullable=False,
    ),
    ARTICLE_ID,
    PUBLISHED_ON,
    Column("text", pa.string(), "The words as printed.", "Lee", nullable=False),
    Column("name", pa.string(), "Fullest form of the name in this article; NULL where it is not known.", "Ann Lee"),
    LABEL,
    Column("entity_id", pa.string(), "entity_id of whom or what it names, the same in all articles.", "7d3c9a51e0b84f26a1c5d9e8f7060504", linked=True),
    Column("mention_type", pa.string(), "Form of the mention.", "name", nullable=False, values=MENTION_TYPES),
    START,
    END,
    IS_IN_TITLE,
    Column("paragraph", pa.int32(), "Number of the paragraph, counted from 0; NULL in the title.", 1),
    Column("in_quote_id", pa.string(), "quote_id of the innermost quote whose content holds the mention.", None),
    CONFIDENCE,
    required(RULE),
    EXTRACTOR,
    RUN_ID,
)

LINKS = (
    ARTICLE_ID,
    PUBLISHED_ON,
    Column("url", pa.string(), "Target; NULL where the dump holds only `#`.", "https://example.com/b"),
    Column("anchor", pa.string(), "The linked words.", "told", nullable=False),
    Column("start", pa.int32(), "Offset of the anchor in articles.text; for a related link, where it stood.", 120, nullable=False),
    Column("end", pa.int32(), "Offset behind the anchor; equal to start for a related link.", 124, nullable=False),
    Column("kind", pa.string(), "inline: in the text; related: a pointer taken out of it.", "inline", nullable=False, values=LINK_KINDS),
    RUN_ID,
)

ENTITIES = (
    Column(
        "entity_id",
        pa.string(),
        "Key of the entity: 32 hex digits, BLAKE2b-128 of label and the oldest form of its name.",
        "7d3c9a51e0b84f26a1c5d9e8f7060504",
        nullable=False,
    ),
    Column("name", pa.string(), "The fullest of the common forms of its name.", "Ann Lee", nullable=False),
    LABEL,
    Column("aliases", STRINGS, "All forms of its name, by which it can be asked for.", ["Ann Lee", "Lee"], nullable=False),
    Column("alias_ids", STRINGS, "Other ids that stand for it, such as those of entities that proved to be the same.", [], nullable=False),
    Column(
        "roles",
        ROLES,
        "What articles say it is, most frequent first, with the number of quotes and the first and last day.",
        [{"role": "mayor", "n": 12, "first_on": "2019-03-28", "last_on": "2021-01-05"}],
        nullable=False,
    ),
    Column("n_articles", pa.int64(), "Articles that name it.", 12, nullable=False),
    Column("n_mentions", pa.int64(), "Mentions of it.", 40, nullable=False),
    Column("n_quotes", pa.int64(), "Quotes of it.", 9, nullable=False),
    Column("first_seen_on", pa.date32(), "Day of the first article that names it.", "2019-03-28"),
    Column("last_seen_on", pa.date32(), "Day of the last article that names it.", "2021-01-05"),
    Column("wikidata_id", pa.string(), "Its id in the knowledge base of the settings; NULL where none is set or none fits.", "Q42"),
)

QUOTE_CLUSTERS = (
    replace(
        QUOTE_CLUSTER_ID,
        description="Key of the utterance: 32 hex digits, derived from the first quote of it.",
        nullable=False,
        linked=False,
    ),
    Column("canonical_content", pa.string(), "The most complete of its wordings.", "“We will not sell the port.”", nullable=False),
    replace(SPEAKER_ID, description="entity_id of the speaker, where its quotes agree on one.", linked=False),
    Column("speaker", pa.string(), "Name of the speaker, where its quotes agree on one.", "Ann Lee"),
    Column("first_seen_on", pa.date32(), "Day of the first article that has it; NULL where no day is known.", "2019-03-28"),
    Column("n_quotes", pa.int64(), "Quotes of it, in all articles.", 3, nullable=False),
    Column("n_publishers", pa.int64(), "Publishers that have it; copies of one story count once.", 2, nullable=False),
    Column("wordings", WORDINGS, "Its wordings, most frequent first.", [{"text": "“We will not sell.”", "n": 2}], nullable=False),
)

# A row of quotes without what depends on other rows or on people.
EXTRACTED = pa.struct([pa.field(c.name, c.type) for c in QUOTES if not c.linked and c.name != DECISION_ID.name])

CORRECTIONS = (
    replace(DECISION_ID, description="Key of the decision, from the corrections file.", nullable=False),
    Column("decision", pa.string(), "What was decided.", "wrong_speaker", nullable=False, values=DECISIONS),
    Column("who", pa.string(), "Who decided.", "Ida Holm", nullable=False),
    Column("decided_at", TIMESTAMP, "When, in UTC; of two decisions on one quote the later one counts.", "2026-03-04T12:00:00Z", nullable=False),
    Column("why", pa.string(), "The reason given.", "She answers the question before."),
    Column("status", pa.string(), "What became of it.", "applied", nullable=False, values=DECISION_STATUSES),
    Column("fit", pa.string(), "How the quote that it applies to was found: under its key, by the same words, or by most of them.", "exact", values=FITS),
    Column("overlap", pa.float32(), "Share of the words that the quote decided on and the one found have in common, 0 to 1.", 1.0),
    Column("detail", pa.string(), "Why it does not apply, in a sentence; NULL where it does.", None),
    Column("quote_id", pa.string(), "quote_id of the quote that it applies to; the one decided on where it applies to none.", "7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a2f"),
    replace(ARTICLE_ID, nullable=True),
    Column("content", pa.string(), "Words of the quote that was decided on.", "“It is time,”"),
    Column("speaker", pa.string(), "Who speaks, as decided; NULL where nobody who is named, and for other decisions.", "Ann Lee"),
    Column("speaker_type", pa.string(), "What kind of speaker that is.", "person", values=SPEAKER_TYPES),
    Column("names", STRINGS, "Names that are the same, or not.", ["Ann Lee", "A. Lee"], nullable=False),
    Column("other_id", pa.string(), "Decision that this one reverts; else the one that counts in place of this one.", None),
    Column("as_extracted", EXTRACTED, "The row of the quote as the extractor made it, where this decision counts: what a revert brings back. docs/corrections.md", None),
    Column("mention_ids", STRINGS, "Mentions in a quote that was struck out.", [], nullable=False),
    Column("nested_quote_ids", STRINGS, "Quotes in a quote that was struck out.", [], nullable=False),
)

QUARANTINE = (
    Column(
        "quarantine_id",
        pa.string(),
        "Key: 32 hex digits, BLAKE2b-128 of source, reason, column and the raw bytes' digest.",
        "5f4e3d2c1b0a99887766554433221100",
        nullable=False,
    ),
    Column("stage", pa.string(), "Stage that refused the record.", "read", nullable=False, values=QUARANTINE_STAGES),
    Column("reason_code", pa.string(), "Reason, from the list in docs/quarantine.md.", "missing_title", nullable=False),
    Column("reason", pa.string(), "The reason as a sentence.", "The record has no title.", nullable=False),
    Column("expectation", pa.string(), "Great Expectations expectation that failed, if one did.", "expect_column_values_to_not_be_null"),
    Column("column", pa.string(), "Column concerned, if one is.", "title"),
    Column("value", pa.string(), "The value concerned, at most 200 characters.", "32 Nonsense 2019"),
    SOURCE_URI,
    SOURCE_MEMBER,
    Column("raw", pa.binary(), "First 64 KiB of the record's bytes.", None),
    Column("raw_sha256", pa.string(), "SHA-256 of all the record's bytes that could be read.", "e3b0c44298fc1c149afbf4c8996fb924…"),
    Column("first_seen_at", TIMESTAMP, "Start of the first run that refused it.", "2019-03-28T04:15:00Z", nullable=False, volatile=True),
    Column("last_seen_at", TIMESTAMP, "Start of the last run that refused it.", "2019-03-28T04:15:00Z", nullable=False, volatile=True),
    Column("n_attempts", pa.int32(), "Number of runs that refused it.", 1, nullable=False, volatile=True),
    Column("resolved_run_id", pa.string(), "Run that read its place again and did not refuse it so any more; NULL while the refusal stands.", None, volatile=True),
    RUN_ID,
)

RUNS = (
    replace(RUN_ID, description="Key of the run: its start time and a digest of its inputs."),
    Column("flow_run_id", pa.string(), "Prefect's id of the flow run; NULL where it ran without Prefect.", None, volatile=True),
    Column("status", pa.string(), "How the run ended.", "completed", nullable=False, values=RUN_STATUSES),
    Column("message", pa.string(), "Why it failed, in a sentence; NULL where it did not.", None),
    Column("started_at", TIMESTAMP, "Start, in UTC.", "2019-03-28T04:15:00Z", nullable=False, volatile=True),
    Column("finished_at", TIMESTAMP, "End, in UTC.", "2019-03-28T04:16:00Z", volatile=True),
    Column("code_version", pa.string(), "Version of this software.", "0.1.0", nullable=False),
    Column("schema_version", pa.string(), "Version of the tables' schema.", "1.0", nullable=False),
    EXTRACTOR,
    Column("parameters", pa.map_(pa.string(), pa.string()), "Parameters of the run.", {"raw": "data/raw"}, nullable=False),
    Column("n_files", pa.int64(), "Files found.", 8, nullable=False),
    Column("n_files_unchanged", pa.int64(), "Files passed over because an earlier run has read the same bytes.", 0, nullable=False),
    Column("n_records", pa.int64(), "Records read: the sum of the next four columns.", 45, nullable=False),
    Column("n_written", pa.int64(), "Records written as articles.", 40, nullable=False),
    Column("n_unchanged", pa.int64(), "Records that the lake already held, byte for byte.", 0, nullable=False),
    Column("n_superseded", pa.int64(), "Records that a newer revision of the article replaced.", 1, nullable=False),
    Column("n_quarantined", pa.int64(), "Records refused.", 4, nullable=False),
    Column("n_quotes", pa.int64(), "Quotes written.", 160, nullable=False),
    Column("n_mentions", pa.int64(), "Mentions written.", 900, nullable=False),
    Column("stages", STAGES, "Items and seconds of work per stage.", [{"stage": "read", "n": 45, "seconds": 0.1}], nullable=False, volatile=True),
    Column("files", FILES, f"What became of files: {', '.join(FILE_STATUSES)}. Those that are unchanged are in raw_files; runs before schema 1.2 list them here.", [{"uri": "courier.jsonl", "sha256": "5e88…", "n_bytes": 90210, "n_records": 17, "status": "read"}], nullable=False),
    Column("passed_over", PASSED_OVER, "What was met in the files and is no record: the folders of an archive, the requests and pictures of a web archive; NULL in runs before schema 1.1.", [{"uri": "crawl.warc.gz", "kind": "requests", "n": 812}]),
    Column("figures", FIGURES, "Figures by which runs are compared: records, shares of what is missing or refused, quotes an article, languages; NULL in runs before schema 1.2.", [{"name": "articles without published_on", "value": 0.02}]),
    ROOT,
    Column("n_files_removed", pa.int64(), "Files that the run before it found in this folder and this one did not; NULL in runs before schema 1.2.", 0),
)

RAW_FILES = (
    replace(ROOT, description="Folder that was ingested.", nullable=False),
    SOURCE_URI,
    Column("source_sha256", pa.string(), "SHA-256 of its content as it was read, or as it was found to be known.", "5e884898da28047151d0e56f8dc62927…", nullable=False),
    Column("n_bytes", pa.int64(), "Size of that content.", 90210, nullable=False),
    Column("n_records", pa.int64(), "Records in it; NULL where the same content has been read under another name.", 17),
    Column("reading", pa.string(), "Digest of the settings by which it was read: a file is read again when they change.", "1f0c6a4b9d2e8f7a5c3b1d0e9f8a7b6c", nullable=False),
    Column("mark", MARK, "End of the last whole line of a JSON Lines file: from there reading goes on when the file has grown.", {"offset": 90210, "n_lines": 17, "n_records": 17, "is_cr": False, "is_legacy": None}),
    Column("missing_since", TIMESTAMP, "Start of the first run that did not find it any more; NULL where it is still there.", None, volatile=True),
    replace(RUN_ID, description="Run that read it, or found its content to be known."),
)

FORGOTTEN = (
    Column("forget_id", pa.string(), "Key: 32 hex digits, BLAKE2b-128 of kind, value and time.", "5f4e3d2c1b0a99887766554433221100", nullable=False),
    Column("kind", pa.string(), "What was taken down.", "article", nullable=False, values=FORGET_KINDS),
    Column("value", pa.string(), "Its article_id, source_uri or publisher.", "1f0c6a4b9d2e8f7a5c3b1d0e9f8a7b6c", nullable=False),
    Column("reason", pa.string(), "Why, as whoever did it says.", "court order 12 K 34/26"),
    Column("forgotten_at", TIMESTAMP, "When, in UTC.", "2026-07-01T09:00:00Z", nullable=False),
    Column("forgotten_by", pa.string(), "Who: a name of the system that it was done on.", "mholm", nullable=False),
    Column("article_ids", STRINGS, "The articles that went.", ["1f0c6a4b9d2e8f7a5c3b1d0e9f8a7b6c"], nullable=False),
    Column("source_uris", STRINGS, "The raw files that they were from.", ["courier.jsonl"], nullable=False),
    Column("n_articles", pa.int64(), "Articles that went.", 1, nullable=False),
    Column("n_quotes", pa.int64(), "Quotes that went.", 7, nullable=False),
    Column("n_mentions", pa.int64(), "Mentions that went.", 31, nullable=False),
    Column("n_links", pa.int64(), "Links that went.", 2, nullable=False),
    Column("n_quarantine", pa.int64(), "Refused records that went.", 1, nullable=False),
    Column("lifted_at", TIMESTAMP, "When it was allowed again, in UTC; NULL while it stands.", None),
    Column("lifted_by", pa.string(), "Who allowed it again.", None),
)
