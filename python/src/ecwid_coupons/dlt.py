"""A source for dlt: loads the coupons of Ecwid stores into any destination of dlt. Requires dlt and pyarrow.

    import dlt
    from ecwid_coupons.dlt import ecwid

    pipeline = dlt.pipeline("coupons", destination="duckdb", dataset_name="ecwid")
    pipeline.run(ecwid())

See `ecwid`.
"""

try:
    from ._dlt import ecwid as ecwid
except ModuleNotFoundError as error:
    missing = (error.name or "").partition(".")[0]
    if missing not in {"dlt", "pyarrow"}:
        raise
    message = f"{missing} is not installed; hint: install it with: pip install 'ecwid-coupons[dlt]'"
    raise ModuleNotFoundError(message, name=missing) from error
