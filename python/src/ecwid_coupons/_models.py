# Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Edit the document instead of this file.

"""The objects of the API."""

from ._native import CatalogLimit, Coupon, DeletedCoupon, DeleteResult, LatestStats, ShippingLimit, UpdateResult

__all__ = ["CatalogLimit", "Coupon", "DeleteResult", "DeletedCoupon", "LatestStats", "ShippingLimit", "UpdateResult"]
