"""The reasons for which a record is refused: the closed list behind quarantine.reason_code and docs/quarantine.md."""

REASONS: dict[str, str] = {
    # the file
    "unreadable_file": "The file could not be opened or read.",
    "empty_file": "The file holds nothing, or only white space.",
    "binary_file": "The file is not text, but a picture, a PDF or random bytes.",
    "undecodable_text": "The bytes are not text in any encoding that could be established.",
    "unsupported_format": "No reader knows this kind of file.",
    "missing_extra": "Reading this kind of file needs a package that is not installed.",
    "corrupt_file": "The file is damaged or cut off, so that its reader cannot go on.",
    "corrupt_compression": "The compressed data is damaged, cut off, or not what the file name says.",
    "decompression_limit": "The data expands beyond the limit set for one file.",
    "corrupt_archive": "The archive, or a member or record of it, is damaged or incomplete.",
    "unsafe_member": "The member of an archive is a link, a device, or has a path that leads out of the archive.",
    "encrypted_member": "The member of an archive is encrypted.",
    "archive_limit": "The archive is nested too deep, or has more members than the limit set.",
    "unknown_columns": "The table has no column that is known as the article's text; a mapping file can name it.",
    "reading_failed": "The reader tripped over the file.",
    # the record
    "malformed_json": "The line or file is not valid JSON.",
    "malformed_csv": "The row cannot be split into the columns of the header.",
    "malformed_xml": "The item is not well-formed XML, or it is cut off.",
    "malformed_message": "The agency's message has no beginning or no end.",
    "unsafe_xml": "The item rests on entities that the document declares itself, which are never expanded.",
    "malformed_mail": "The e-mail cannot be taken apart: it is cut off, or holds too many parts.",
    "wrong_type": "The record is not an object with named fields, or a field has a type that cannot be read.",
    "oversize_record": "The record is larger than the limit set for one record.",
    "invalid_characters": "The record holds bytes that no text may hold and that could not be repaired.",
    "not_an_article": "The record is a picture, a plan, a package or another kind of item, but no article.",
    "not_published": "The article was withdrawn, withheld or never published.",
    "forgotten": "The article, its raw file or its publisher has been taken down; nothing of the record is kept.",
    # the web page
    "no_article": "The page or file holds no article: navigation, a login, frames, or no running text.",
    "listing_page": "The page lists articles and is none itself.",
    "consent_wall": "The page only asks for consent to cookies or to the use of data.",
    "paywall_stub": "The page shows only the first words of an article for subscribers.",
    "error_page": "The page is a server's error message.",
    # the article
    "missing_title": "The article has no title.",
    "missing_text": "The article has no text.",
    "title_too_long": "The title is longer than any headline; it is probably another field.",
    "impossible_date": "The publication date is no day of the calendar.",
    "future_date": "The publication date lies in the future.",
    "implausible_date": "The publication date lies before newspapers existed.",
    "expectation_failed": "A value breaks an expectation of its table.",
    "duplicate_record": "Another record holds the same article with the same text.",
    "normalisation_failed": "The record could not be normalised.",
    "extraction_failed": "The extractor could not process the text.",
    "timeout": "Reading, normalising or extracting took longer than the time set for one record.",
    "crashed": "Reading, normalising or extracting ended the process that did it.",
    # a row that was made from an accepted article; it is no record of its own in a run's counts
    "invalid_quote": "A quote that the extractor made breaks an expectation; its article was accepted.",
    "invalid_mention": "A mention that the extractor made breaks an expectation; its article was accepted.",
    "invalid_link": "A link breaks an expectation; its article was accepted.",
}

# What a sound dump holds besides articles to keep: listed like everything refused, but no sign that anything is wrong.
PASSED_OVER = frozenset({"not_an_article", "not_published", "forgotten"})
