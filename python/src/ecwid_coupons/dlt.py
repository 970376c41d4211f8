"""A source for dlt: loads the coupons of Ecwid stores into any destination of dlt. Requires dlt and pyarrow.

    import dlt
    from ecwid_coupons.dlt import ecwid

    pipeline = dlt.pipeline("coupons", destination="duckdb", dataset_name="ecwid")
    pipeline.run(ecwid())

See `ecwid`.
"""

try:
    from ._dlt import ecwid as ecwid
except ModuleNotFoundError as _error:
    _missing = (_error.name or "").partition(".")[0]
    if _missing not in {"dlt", "pyarrow"}:
        raise
    _message = f"{_missing} is not installed; hint: install it with: pip install 'ecwid-coupons[dlt]'"
    raise ModuleNotFoundError(_message, name=_missing) from _error
