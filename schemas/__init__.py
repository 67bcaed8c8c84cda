"""What the tables are: columns, tables, expectations and SQL, each defined once."""
