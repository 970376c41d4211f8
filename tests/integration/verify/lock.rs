//! `--update-lock`: the lock gets the claims of the pages, and none of their sentences.

use std::{collections::BTreeMap, fs, path::Path};

use ecwid_coupons_tests::{
    page_writer::{Style, Writer},
    skipped,
};
use xtask_verify::{
    Options, Report,
    lock::{Lock, LockedPage, PATH},
    run,
};

use super::{Folder, Root, assert_agrees, lock, operation_of, options, shown};

fn update(root: &Root, pages: &Path, today: &str) -> Report {
    run(&Options { update_lock: true, today: today.to_owned(), ..options(root.path(), Some(pages)) }).unwrap()
}

fn text(root: &Root) -> String {
    fs::read_to_string(root.file(PATH)).unwrap()
}

fn days(root: &Root) -> BTreeMap<String, String> {
    Lock::read(root.path()).unwrap().pages.into_iter().map(|page| (page.address, page.read)).collect()
}

fn pages(root: &Root, stem: &str) -> Vec<LockedPage> {
    let pages = Lock::read(root.path()).unwrap().pages;
    pages.into_iter().filter(|page| page.address.ends_with(stem)).collect()
}

#[test]
fn writing_the_lock_again_does_not_change_it() {
    for style in Style::ALL {
        let (root, folder) = (Root::new(), Folder::written(&lock(), style));
        assert_agrees(&update(&root, folder.path(), "2001-02-03"), "written");
        let first = text(&root);
        assert_agrees(&update(&root, folder.path(), "2001-02-04"), "written again");
        assert_eq!(text(&root), first, "{style:?}");
        assert_agrees(&run(&options(root.path(), None)).unwrap(), "offline");
        assert_agrees(&run(&options(root.path(), Some(folder.path()))).unwrap(), "with the pages");
    }
}

#[test]
fn the_committed_lock_matches_the_vendors_pages() {
    let test = "the_committed_lock_matches_the_vendors_pages";
    let Some(folder) = Folder::of_vendor(test) else { return };
    let missing = folder.missing(&lock());
    for page in &missing {
        skipped(test, &format!("no vendor's page of {}", operation_of(page)));
    }
    let root = Root::new();
    let before = text(&root);
    let update = || {
        let options = options(root.path(), Some(folder.path()));
        run(&Options { update_lock: true, skip_missing_pages: true, ..options }).unwrap()
    };
    assert_agrees(&update(), "the vendor's pages");
    assert_eq!(text(&root), before);
    // Start with a lock that has only the missing pages.
    fs::write(root.file(PATH), toml::to_string(&Lock { pages: missing }).unwrap()).unwrap();
    assert_agrees(&update(), "from nothing");
    let day = |text: &str| text.lines().filter(|line| !line.starts_with("read = ")).collect::<Vec<_>>().join("\n");
    assert_eq!(day(&text(&root)), day(&before));
}

#[test]
fn only_changed_pages_get_a_new_day() {
    let (root, folder) = (Root::new(), Folder::written(&lock(), Style::Pipe));
    update(&root, folder.path(), "2001-02-03");
    assert!(days(&root).values().all(|day| day == "2001-02-03"), "{:?}", days(&root));
    let file = "update-discount-coupon.md";
    folder.write(file, &format!("{}\nA word more.\n", folder.read(file)));
    update(&root, folder.path(), "2001-02-04");
    for (address, day) in days(&root) {
        let is_changed = address.ends_with("/update-discount-coupon");
        assert_eq!(day, if is_changed { "2001-02-04" } else { "2001-02-03" }, "{address}");
    }
}

#[test]
fn a_missing_or_unreadable_page_keeps_its_entry() {
    let (root, folder) = (Root::new(), Folder::written(&lock(), Style::Html));
    update(&root, folder.path(), "2001-02-03");
    let before = text(&root);
    let file = "get-batch-status.md";
    let whole = folder.read(file);
    folder.remove(file);
    for changed in [None, Some(String::new()), Some(whole[..whole.find("### Query").unwrap()].to_owned())] {
        if let Some(changed) = changed {
            folder.write(file, &changed);
        }
        let report = update(&root, folder.path(), "2001-02-04");
        assert_eq!(report.exit_code(), 2, "{}", shown(&report));
        assert_eq!(text(&root), before);
        let is_told = |note: &String| note.contains("kept") && note.contains("get-batch-status");
        assert!(report.notes.iter().any(is_told), "{:?}", report.notes);
    }
    folder.remove("discount-coupons.md");
    update(&root, folder.path(), "2001-02-04");
    assert_eq!(text(&root), before, "a guide is kept too");
}

#[test]
fn differences_are_written_to_the_lock_and_reported() {
    let lock = lock();
    let (root, folder) = (Root::new(), Folder::written(&lock, Style::Html));
    update(&root, folder.path(), "2001-02-03");
    let file = "create-discount-coupon.md";
    folder.write(file, &folder.read(file).replace("<code>PAUSED</code>", "<code>SLEEPING</code>"));
    let report = update(&root, folder.path(), "2001-02-04");
    assert_eq!(report.exit_code(), 1, "{}", shown(&report));
    let page = pages(&root, "/create-discount-coupon").remove(0);
    let status = page.operations[0].tables.iter().flat_map(|table| &table.members).find(|it| it.name == "status");
    assert_eq!(status.unwrap().values, ["ACTIVE", "SLEEPING", "EXPIRED", "USEDUP"]);
    for pages in [None, Some(folder.path())] {
        let report = run(&options(root.path(), pages)).unwrap();
        for subject in ["SLEEPING", "PAUSED"] {
            assert!(report.findings.iter().any(|it| it.subject == subject), "{}", shown(&report));
        }
        assert!(report.findings.iter().all(|it| !it.kind.starts_with("lock-")), "{}", shown(&report));
    }
}

#[test]
fn an_outdated_lock_is_reported() {
    let lock = lock();
    let (root, folder) = (Root::new(), Folder::written(&lock, Style::Html));
    let text = text(&root).replace("\"ACTIVE\", \"PAUSED\"", "\"ACTIVE\", \"SLEEPING\"");
    fs::write(root.file(PATH), text).unwrap();
    let report = run(&options(root.path(), Some(folder.path()))).unwrap();
    assert_eq!(report.exit_code(), 1, "{}", shown(&report));
    assert!(report.findings.iter().all(|it| it.kind.starts_with("lock-")), "{}", shown(&report));
    assert!(report.findings.iter().any(|it| it.kind == "lock-enum-value-added" && it.subject == "SLEEPING"));
    assert_agrees(&update(&root, folder.path(), "2001-02-03"), "written anew");
}

#[test]
fn a_lock_has_no_sentence_of_a_page() {
    let lock = lock();
    let mut folders: Vec<_> = [Style::Pipe, Style::Html, Style::SpreadHtml, Style::Text]
        .into_iter()
        .map(|style| {
            let folder = Folder::new();
            for page in &lock.pages {
                let writer = Writer { explained: true, ..Writer::new(style, &lock) };
                folder.write(&writer.file(page), &writer.write(&mut page.clone()));
            }
            folder
        })
        .collect();
    let test = "a_lock_has_no_sentence_of_a_page, on them";
    folders.extend(Folder::of_vendor(test).map(|folder| folder.completed(test)));
    for folder in folders {
        let root = Root::new();
        fs::remove_file(root.file(PATH)).unwrap();
        assert_agrees(&update(&root, folder.path(), "2001-02-03"), "a new lock");
        // The header of the file is hand-written.
        let written = text(&root);
        let locked = words(&written[written.find("[[page]]").unwrap()..]).join(" ");
        for file in folder.files() {
            for four in words(&folder.read(&file)).windows(4).filter(|words| words.iter().all(|it| is_word(it))) {
                assert!(!locked.contains(&four.join(" ")), "{file}: {four:?}");
            }
        }
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split([' ', '\n', '<', '>', '`', '|', '*', '"']).filter(|word| !word.is_empty()).collect()
}

fn is_word(word: &str) -> bool {
    word.trim_end_matches(['.', ',', ':']).chars().all(char::is_alphabetic)
}
