"""What the sandbox serves and refuses beside the document, so that it is held against the document with every check on.

Each part has its row in the sandbox's fidelity ledger. The vendor's pages do not say it, so that the document does not either.
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
# The seconds that the calendar of the sandbox has.
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
    for parameter in search["parameters"]:
        if parameter["name"] == "limit":
            del parameter["schema"]["maximum"]
            parameter["schema"]["format"] = "int64"
    # rule.deleting-nothing-succeeds: a coupon whose code is too long to be there is not there.
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
    # rule.batches-hold-up-to-500, and of what; null is like a field that is left out.
    schemas["BatchRequest"]["minItems"] = 1
    schemas["BatchRequestItem"]["properties"]["id"]["nullable"] = True
    schemas["BatchRequestItem"]["properties"]["path"]["pattern"] = r"^/discount_coupons"
    for parameter in batch["get"]["parameters"]:
        if parameter["name"] == "ticket":
            parameter["schema"]["minLength"] = 1


@schemathesis.hook
def filter_body(context, body):
    """Leaves out what is right or wrong by more than the document can say.

    Amounts that the sandbox has no room for, since it keeps 28 digits; and fields that it passes over unread, by the ledger's
    rule.read-only-fields-are-ignored, so that they may be wrong.
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
    """Leaves out names of fields in other letters than those of English, which are names too and which no pattern can say."""
    fields = query.get("responseFields") if isinstance(query, dict) else None
    return not isinstance(fields, str) or fields.isascii()


numbers = itertools.count(1)


@schemathesis.hook
def map_body(context, body):
    """Gives each new coupon a code of its own, which all but the first would be refused for otherwise."""
    operation = getattr(context, "operation", None)
    if operation is None or operation.method.upper() != "POST" or not isinstance(body, dict):
        return body
    code = body.get("code")
    if isinstance(code, str) and any(character.isascii() and character.isalnum() for character in code):
        numbered = f"{code}-{next(numbers)}"
        if len(numbered) <= LONGEST_CODE:
            return {**body, "code": numbered}
    return body
