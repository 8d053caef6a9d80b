"""Tables in files: `reading` takes CSV and XLSX apart, `columns` and `table` say what they must hold, `writing` makes them.

A table is taken whole or not at all: `Table.read` gives every record or raises `TableRefused` naming line and column.
"""
