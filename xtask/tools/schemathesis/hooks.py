"""Adapts the document to the rules of the sandbox, so that the sandbox can be tested with all checks.

Each change has a row in the fidelity ledger of the sandbox. The vendor does not document these rules, so the document does not
have them either.
"""

import itertools

import schemathesis

NOT_BLANK = r"[A-Za-z0-9]"
LONGEST_CODE = 128
READ_ONLY = {"id", "creationDate", "updateDate"}
DAY = r"((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30))"
DATE = rf"20[0-9]{{2}}-{DAY} ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9] [+]0000"
NAME = r"[A-Za-z0-9_-]+"
FIELD = rf"{NAME}([(]{NAME}(,{NAME})*[)])?"
FIELDS = rf"{FIELD}(,{FIELD})*"
# The timestamps that the sandbox supports.
TIMESTAMP = {"type": "integer", "minimum": -8_334_601_228_800, "maximum": 8_210_266_876_799}


@schemathesis.hook
def before_load_schema(context, schema):
    schemas = schema["components"]["schemas"]
    coupon = schemas["Coupon"]["properties"]
    search = schema["paths"]["/{storeId}/discount_coupons"]["get"]
    batch = schema["paths"]["/{storeId}/batch"]

    # route.delete_batch
    batch["delete"] = {
        "operationId": "deleteBatch",
        "parameters": [
            {"name": "ticketId", "in": "query", "required": True, "schema": {"type": "string", "minLength": 1}}
        ],
        "responses": schema["paths"]["/{storeId}/discount_coupons/{discountCouponId}"]["delete"]["responses"],
    }
    # rule.limit-is-at-most-100
    deleted = schema["paths"]["/{storeId}/discount_coupons/deleted"]["get"]
    for parameter in search["parameters"] + deleted["parameters"]:
        if parameter["name"] == "limit":
            del parameter["schema"]["maximum"]
            parameter["schema"]["format"] = "int64"
    # rule.deleting-nothing-succeeds: no coupon exists with a code that is too long.
    del schemas["CouponRef"]["oneOf"][1]["maxLength"]
    # rule.name-and-code-are-required
    coupon["name"]["pattern"] = coupon["code"]["pattern"] = NOT_BLANK
    # rule.amounts-are-not-negative
    schemas["Decimal"]["minimum"] = 0
    coupon["orderCount"]["minimum"] = 0
    # rule.dates-are-in-utc
    schemas["EcwidDateTime"]["pattern"] = f"^{DATE}$"
    schemas["TimeFilter"]["oneOf"] = [TIMESTAMP, {"type": "string", "pattern": f"^({DATE})?$"}]
    # rule.response-fields-select
    schemas["ResponseFields"]["pattern"] = f"^({FIELDS})?$"
    # rule.shipping-has-no-catalog-limit
    for name in ["NewCoupon", "CouponUpdate"]:
        schemas[name]["allOf"].append({"not": {
            "required": ["discountType", "catalogLimit"],
            "properties": {
                "discountType": {"enum": ["SHIPPING"]},
                "catalogLimit": {"type": "object", "anyOf": [
                    {"required": [name], "properties": {name: {"type": "array", "minItems": 1}}}
                    for name in ["products", "categories"]
                ]},
            },
        }})
    # rule.batches-hold-up-to-500: also the supported paths, and null, which is like an absent field.
    schemas["BatchRequest"]["minItems"] = 1
    schemas["BatchRequestItem"]["properties"]["id"]["nullable"] = True
    schemas["BatchRequestItem"]["properties"]["path"]["pattern"] = r"^/discount_coupons"
    for parameter in batch["get"]["parameters"]:
        if parameter["name"] == "ticket":
            parameter["schema"]["minLength"] = 1


@schemathesis.hook
def filter_body(context, body):
    """Filters out bodies that are valid or invalid by rules which the document cannot express.

    These are amounts with more than the 28 digits that the sandbox supports, and read-only fields. By
    rule.read-only-fields-are-ignored, the sandbox accepts any value of a read-only field.
    """
    if not isinstance(body, dict):
        return True
    if READ_ONLY & body.keys():
        return False
    amounts = [body.get(name) for name in ["discount", "totalLimit"]]
    numbers = [abs(amount) for amount in amounts if isinstance(amount, (int, float)) and amount]
    return all(1e-9 < number < 1e15 for number in numbers)


@schemathesis.hook
def filter_query(context, query):
    """Filters out field names with non-ASCII letters, which are valid but which a pattern cannot describe."""
    fields = query.get("responseFields") if isinstance(query, dict) else None
    return not isinstance(fields, str) or fields.isascii()


numbers = itertools.count(1)


@schemathesis.hook
def map_body(context, body):
    """Gives each new coupon a unique code, because the sandbox rejects duplicate codes."""
    operation = getattr(context, "operation", None)
    if operation is None or operation.method.upper() != "POST" or not isinstance(body, dict):
        return body
    code = body.get("code")
    if isinstance(code, str) and any(character.isascii() and character.isalnum() for character in code):
        numbered = f"{code}-{next(numbers)}"
        if len(numbered) <= LONGEST_CODE:
            return {**body, "code": numbered}
    return body
