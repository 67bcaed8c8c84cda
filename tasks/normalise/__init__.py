"""From a record as found to an article row: dates, addresses, bylines, language and text, each by written rules."""
