//! The example that exports coupons continues after an interruption.

use std::{collections::BTreeSet, fs, path::Path};

use ecwid_coupons::types::Coupon;
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};
use ecwid_coupons_tests::{cargo, target, workspace};

use crate::paging::store;

/// Runs the example. Returns whether it succeeded, and what it says on standard error.
async fn export(sandbox: &Sandbox, path: &Path) -> (bool, String) {
    let mut command = cargo(&workspace(), &target());
    command.args(["run", "--quiet", "--package", "ecwid-coupons", "--example", "export", "--"]).arg(path);
    command.env("ECWID_STORE_ID", "1003").env("ECWID_TOKEN", sandbox.token());
    command.env("ECWID_BASE_URL", sandbox.base_url());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    (output.status.success(), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test]
async fn an_interrupted_export_continues() {
    let sandbox = store(950).await;
    let folder = tempfile::tempdir().unwrap();
    let (path, position) = (folder.path().join("coupons.jsonl"), folder.path().join("coupons.position"));
    for pages in [2, 3] {
        sandbox.add_fault(Fault::new(Effect::status(400)).on(["search_discount_coupons"]).skip(pages)).unwrap();
        let (succeeded, error) = export(&sandbox, &path).await;
        assert!(!succeeded && error.contains("400 Bad Request"), "{error}");
        assert!(position.exists());
        sandbox.clear_faults();
        // Coupons that were written after the position was saved.
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{text}{{\"id\":950}}\n{{\"id\"")).unwrap();
    }
    assert_eq!(export(&sandbox, &path).await, (true, String::new()));
    let text = fs::read_to_string(&path).unwrap();
    let ids: Vec<_> = text.lines().map(|line| serde_json::from_str::<Coupon>(line).unwrap().id.unwrap()).collect();
    assert_eq!(ids.iter().copied().collect::<BTreeSet<_>>().len(), 950);
    assert_eq!(ids.len(), 950, "none is exported twice");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "the position is removed at the end");
}
