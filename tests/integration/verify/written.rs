//! Pages that are written from facts, and read back.

use ecwid_coupons_tests::page_writer::{Style, Writer};
use xtask_verify::pages::{Format, Operation, Page};

use super::{Folder, assert_agrees, lock, verify};

#[test]
fn a_written_page_is_read_back_as_the_same_facts() {
    let lock = lock();
    for style in Style::ALL {
        for explained in [false, true] {
            for locked in &lock.pages {
                let mut locked = locked.clone();
                let writer = Writer { explained, ..Writer::new(style, &lock) };
                let (file, text) = (writer.file(&locked), writer.write(&mut locked));
                let page = Page::read(&file, text.as_bytes()).unwrap();
                let facts = |operations: &[Operation]| operations.iter().map(facts_of).collect::<Vec<_>>();
                let known: Vec<_> = locked.operations.iter().map(|it| without_what_is_lost(it, style)).collect();
                assert_eq!(facts(&page.operations), facts(&known), "{style:?} {explained} {text}");

                let examples = page.operations.iter().flat_map(|it| &it.examples).chain(&page.examples);
                let lines: Vec<_> =
                    examples.flat_map(|it| [&it.body, &it.response]).flatten().map(|json| json.line).collect();
                let known: Vec<_> = locked.examples.iter().map(|example| example.line).collect();
                assert_eq!(lines, known, "{style:?} {text}");
            }
        }
    }
}

#[test]
fn written_pages_agree_with_the_document() {
    let lock = lock();
    for style in Style::ALL {
        assert_agrees(&verify(Folder::written(&lock, style).path()), &format!("{style:?}"));
    }
}

/// Removes the facts that one of the formats lacks. Copied text lacks types that are links.
fn without_what_is_lost(operation: &Operation, style: Style) -> Operation {
    let mut operation = operation.clone();
    for member in operation.tables.iter_mut().flat_map(|table| &mut table.members).filter(|it| it.object.is_some()) {
        match style.format() {
            Format::Text => member.type_ = None,
            Format::Markdown => member.type_ = member.type_.take().or(Some("object".into())),
        }
    }
    operation
}

fn facts_of(operation: &Operation) -> String {
    toml::to_string(operation).unwrap()
}
