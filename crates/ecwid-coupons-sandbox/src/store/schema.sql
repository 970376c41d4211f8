CREATE TABLE coupons (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    store_id      INTEGER NOT NULL,
    code_key      TEXT NOT NULL,
    discount_type TEXT NOT NULL,
    -- As it was set.
    status        TEXT NOT NULL,
    -- As it shows: EXPIRED for what was ACTIVE until it expired. A search by status brings it up to date.
    shown         TEXT NOT NULL,
    expires       INTEGER,
    created       INTEGER NOT NULL,
    updated       INTEGER NOT NULL,
    body          TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX coupons_by_code ON coupons (store_id, code_key);
-- A search is answered out of these alone, but for the bodies of its page.
CREATE INDEX coupons_in_order ON coupons (store_id, id, created, updated);
CREATE INDEX coupons_by_kind ON coupons (store_id, shown, discount_type, id, created, updated);
CREATE INDEX coupons_by_creation ON coupons (store_id, created, shown, discount_type, updated);
CREATE INDEX coupons_by_update ON coupons (store_id, updated, shown, discount_type, created);
CREATE INDEX coupons_to_expire ON coupons (store_id, expires) WHERE shown = 'ACTIVE' AND expires IS NOT NULL;
CREATE INDEX coupons_expired ON coupons (store_id, expires) WHERE shown = 'EXPIRED' AND status = 'ACTIVE';

-- How many coupons of each kind a block of 4096 ids has, and from when they are, so that a search need not count them one by
-- one. The dates are bounds: what leaves a block does not draw them closer.
CREATE TABLE tally (
    store_id      INTEGER NOT NULL,
    block         INTEGER NOT NULL,
    shown         TEXT NOT NULL,
    discount_type TEXT NOT NULL,
    coupons       INTEGER NOT NULL,
    first_created INTEGER NOT NULL,
    last_created  INTEGER NOT NULL,
    first_updated INTEGER NOT NULL,
    last_updated  INTEGER NOT NULL,
    PRIMARY KEY (store_id, block, shown, discount_type)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER coupon_comes AFTER INSERT ON coupons BEGIN
    INSERT INTO tally VALUES (new.store_id, new.id >> 12, new.shown, new.discount_type, 1, new.created, new.created, new.updated,
        new.updated)
    ON CONFLICT DO UPDATE SET coupons = coupons + 1,
        first_created = min(first_created, excluded.first_created), last_created = max(last_created, excluded.last_created),
        first_updated = min(first_updated, excluded.first_updated), last_updated = max(last_updated, excluded.last_updated);
END;
CREATE TRIGGER coupon_goes AFTER DELETE ON coupons BEGIN
    UPDATE tally SET coupons = coupons - 1 WHERE store_id = old.store_id AND block = old.id >> 12 AND shown = old.shown
        AND discount_type = old.discount_type;
    DELETE FROM tally WHERE store_id = old.store_id AND block = old.id >> 12 AND shown = old.shown
        AND discount_type = old.discount_type AND coupons = 0;
END;
CREATE TRIGGER coupon_changes AFTER UPDATE ON coupons BEGIN
    INSERT INTO tally VALUES (new.store_id, new.id >> 12, new.shown, new.discount_type, 1, new.created, new.created, new.updated,
        new.updated)
    ON CONFLICT DO UPDATE SET coupons = coupons + 1,
        first_created = min(first_created, excluded.first_created), last_created = max(last_created, excluded.last_created),
        first_updated = min(first_updated, excluded.first_updated), last_updated = max(last_updated, excluded.last_updated);
    UPDATE tally SET coupons = coupons - 1 WHERE store_id = old.store_id AND block = old.id >> 12 AND shown = old.shown
        AND discount_type = old.discount_type;
    DELETE FROM tally WHERE store_id = old.store_id AND block = old.id >> 12 AND shown = old.shown
        AND discount_type = old.discount_type AND coupons = 0;
END;

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
