"""Loads the coupons of stores into a DuckDB file with dlt. Later runs load the changes.

Install the package with `pip install 'ecwid-coupons[dlt]'`. Write the tokens by the ids of their stores into the file
`.dlt/secrets.toml`, and run this program in the folder that contains `.dlt`:

    [sources.ecwid.tokens]
    1003 = "secret_..."
    1004 = "secret_..."
"""

import dlt
from ecwid_coupons.dlt import ecwid

pipeline = dlt.pipeline("ecwid_coupons", destination=dlt.destinations.duckdb("coupons.duckdb"), dataset_name="ecwid")
print(pipeline.run(ecwid()))

with pipeline.sql_client() as client:
    for store, coupons in client.execute_sql("SELECT store_id, count(*) FROM coupons GROUP BY ALL ORDER BY ALL"):
        print(f"store {store}: {coupons} coupons")
