"""Forms out, workbooks in: what a clerk fills in with Excel or WPS becomes a record and its table."""
