//! Changes of the document, which the comparison with the lock finds without any page.

use std::fs;

use serde_json::{Value, json};
use xtask_verify::{lock::PATH, run};

use super::{Root, options, shown};

/// Changes the document, and expects a finding with this subject.
#[track_caller]
fn assert_found(root: &Root, what: &str, subject: &str, change: impl FnOnce(&mut Value)) {
    let before = fs::read(root.file(xtask::workspace::DOCUMENT)).unwrap();
    root.change_document(change);
    let report = run(&options(root.path(), None)).unwrap();
    fs::write(root.file(xtask::workspace::DOCUMENT), before).unwrap();
    assert_eq!(report.exit_code(), 1, "{what}: {}", shown(&report));
    let is_it = |it: &xtask_verify::Finding| it.subject == subject && !it.is_could_not_check();
    assert!(report.findings.iter().any(is_it), "{what}: no `{subject}`: {}", shown(&report));
}

fn keys(value: &Value) -> Vec<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

fn remove(document: &mut Value, around: &str, name: &str) {
    document.pointer_mut(around).unwrap().as_object_mut().unwrap().remove(name).unwrap();
}

#[test]
fn a_changed_field_is_found() {
    let root = Root::new();
    let document = root.document();
    let schemas = [
        "Coupon",
        "CatalogLimit",
        "ShippingLimit",
        "CouponPage",
        "CreatedCoupon",
        "UpdateResult",
        "DeleteResult",
        "BatchRequestItem",
        "BatchTicket",
        "BatchStatus",
        "BatchResponse",
    ];
    let mut fields = 0;
    for schema in schemas {
        let at = format!("/components/schemas/{schema}/properties");
        for name in keys(document.pointer(&at).unwrap()) {
            let what = format!("{schema}.{name}");
            assert_found(&root, &format!("{what} removed"), &name, |document| remove(document, &at, &name));
            assert_found(&root, &format!("{what} renamed"), "maxUses", |document| {
                let field = document.pointer(&format!("{at}/{name}")).cloned().unwrap();
                remove(document, &at, &name);
                document.pointer_mut(&at).unwrap()["maxUses"] = field;
            });
            // This field is in no table with its type.
            if name != "repeatCustomerOnly" {
                assert_found(&root, &format!("{what} of another type"), &name, |document| {
                    document.pointer_mut(&at).unwrap()[&name] = json!({ "type": "boolean" });
                });
            }
            fields += 1;
        }
        assert_found(&root, &format!("a field more in {schema}"), "maxUses", |document| {
            document.pointer_mut(&at).unwrap()["maxUses"] = json!({ "type": "integer" });
        });
    }
    assert!(fields >= 42, "{fields}");
    for name in ["path", "method"] {
        assert_found(&root, &format!("{name} not required"), name, |document| {
            let required = document.pointer_mut("/components/schemas/BatchRequestItem/required").unwrap();
            required.as_array_mut().unwrap().retain(|it| it != name);
        });
    }
}

#[test]
fn a_changed_value_of_an_enum_is_found() {
    let root = Root::new();
    let document = root.document();
    let mut values = 0;
    for (schema, definition) in document["components"]["schemas"].as_object().unwrap() {
        let at = format!("/components/schemas/{schema}/enum");
        for value in definition["enum"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            for to in [None, Some("SCHEDULED")] {
                let change = |document: &mut Value| {
                    let list = document.pointer_mut(&at).unwrap().as_array_mut().unwrap();
                    list.retain(|it| it != value);
                    list.extend(to.map(Value::from));
                };
                for subject in [Some(value), to].into_iter().flatten() {
                    assert_found(&root, &format!("{schema}: {value} becomes {to:?}"), subject, change);
                }
            }
            values += 1;
        }
    }
    assert!(values >= 25, "{values}");
}

/// Returns whether no page documents the operation alone, so that it is not compared.
fn is_without_page(operation: &Value) -> bool {
    operation["x-source"]["operation"].is_string()
}

#[test]
fn a_changed_parameter_is_found() {
    let root = Root::new();
    let document = root.document();
    let mut parameters = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap().iter().filter(|(method, _)| *method != "parameters") {
            if is_without_page(operation) {
                continue;
            }
            let at = format!("/paths/{}/{method}", path.replace('/', "~1"));
            for (index, parameter) in operation["parameters"].as_array().into_iter().flatten().enumerate() {
                let name = parameter["name"].as_str().unwrap();
                let what = format!("{method} {path} {name}");
                let here = format!("{at}/parameters/{index}");
                // The page has another name for this parameter, and no other claims about it.
                let is_told = name != "ticket";
                if is_told {
                    assert_found(&root, &format!("{what} removed"), name, |document| {
                        document
                            .pointer_mut(&format!("{at}/parameters"))
                            .unwrap()
                            .as_array_mut()
                            .unwrap()
                            .remove(index);
                    });
                }
                assert_found(&root, &format!("{what} renamed"), "maxUses", |document| {
                    document.pointer_mut(&here).unwrap()["name"] = json!("maxUses");
                });
                if is_told {
                    let is_boolean = parameter["schema"]["type"] == "boolean";
                    assert_found(&root, &format!("{what} of another type"), name, |document| {
                        let other = if is_boolean { "string" } else { "boolean" };
                        document.pointer_mut(&here).unwrap()["schema"] = json!({ "type": other });
                    });
                    assert_found(&root, &format!("{what} required or not"), name, |document| {
                        let parameter = document.pointer_mut(&here).unwrap();
                        parameter["required"] = json!(parameter["required"] != true);
                    });
                }
                for limit in ["default", "maximum"].into_iter().filter(|_| name == "limit") {
                    assert_found(&root, &format!("{what} with another {limit}"), name, |document| {
                        document.pointer_mut(&here).unwrap()["schema"][limit] = json!(50);
                    });
                    assert_found(&root, &format!("{what} without {limit}"), name, |document| {
                        remove(document, &format!("{here}/schema"), limit);
                    });
                }
                parameters += 1;
            }
        }
    }
    assert!(parameters >= 17, "{parameters}");
    for name in ["storeId", "discountCouponId"] {
        let at = format!("/components/parameters/{name}");
        assert_found(&root, &format!("{name} not required"), name, |document| {
            document.pointer_mut(&at).unwrap()["required"] = json!(false);
        });
        assert_found(&root, &format!("{name} renamed"), "maxUses", |document| {
            document.pointer_mut(&at).unwrap()["name"] = json!("maxUses");
        });
    }
}

#[test]
fn a_changed_scope_or_address_is_found() {
    let root = Root::new();
    let document = root.document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap().iter().filter(|(method, _)| *method != "parameters") {
            if is_without_page(operation) {
                continue;
            }
            let what = format!("{method} {path}");
            let at = format!("/paths/{}/{method}", path.replace('/', "~1"));
            let scopes = operation["x-required-scopes"].as_array().unwrap();
            for scope in scopes.iter().filter_map(Value::as_str) {
                assert_found(&root, &format!("{what} without its scope"), scope, |document| {
                    document.pointer_mut(&at).unwrap()["x-required-scopes"] = json!([]);
                });
            }
            assert_found(&root, &format!("{what} with another scope"), "read_orders", |document| {
                let scopes = document.pointer_mut(&format!("{at}/x-required-scopes")).unwrap();
                scopes.as_array_mut().unwrap().push(json!("read_orders"));
            });
            let subject = format!("{} https://app.ecwid.com/api/v3{path}", method.to_uppercase());
            assert_found(&root, &format!("{what} somewhere else"), &subject, |document| {
                let paths = document["paths"].as_object_mut().unwrap();
                let item = paths.remove(path).unwrap();
                paths.insert(format!("/elsewhere{path}"), item);
            });
        }
    }
    assert_found(&root, "another server", "https://app.ecwid.com/api/v3/{storeId}/batch", |document| {
        document["servers"][0]["url"] = json!("https://api.ecwid.com/api/v3");
    });
    assert_found(&root, "another way to send the token", "Authorization", |document| {
        document["components"]["securitySchemes"]["accessToken"]["scheme"] = json!("basic");
    });
}

#[test]
fn without_a_lock_nothing_is_checked() {
    let root = Root::new();
    fs::remove_file(root.file(PATH)).unwrap();
    let report = run(&options(root.path(), None)).unwrap();
    assert_eq!(report.exit_code(), 2, "{}", shown(&report));
    assert_eq!(report.findings.len(), 8, "one for each operation with a page: {}", shown(&report));

    fs::write(root.file(PATH), "[[page]]\ntitle = \"no lock\"\n").unwrap();
    let error = format!("{:#}", run(&options(root.path(), None)).unwrap_err());
    assert!(error.contains(PATH) && error.contains("--update-lock"), "{error}");
}
