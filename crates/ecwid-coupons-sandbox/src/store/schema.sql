CREATE TABLE coupons (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    store_id      INTEGER NOT NULL,
    code_key      TEXT NOT NULL,
    discount_type TEXT NOT NULL,
    -- The stored status, which the body does not contain. Responses show an ACTIVE coupon as EXPIRED after its date.
    status        TEXT NOT NULL,
    expires       INTEGER,
    created       INTEGER NOT NULL,
    updated       INTEGER NOT NULL,
    body          TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX coupons_by_code ON coupons (store_id, code_key);
-- A search uses only this index, except for the bodies of its page.
CREATE INDEX coupons_in_order ON coupons (store_id, id, status, expires, discount_type, created, updated);
CREATE TABLE orders (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    store_id  INTEGER NOT NULL,
    email     TEXT,
    coupon_id INTEGER,
    created   INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_by_customer ON orders (store_id, email);
CREATE TABLE deleted (
    store_id  INTEGER NOT NULL,
    coupon_id INTEGER NOT NULL,
    date      INTEGER NOT NULL
) STRICT;
CREATE INDEX deleted_by_date ON deleted (store_id, date);
INSERT INTO sqlite_sequence (name, seq) VALUES ('coupons', 100000000);
