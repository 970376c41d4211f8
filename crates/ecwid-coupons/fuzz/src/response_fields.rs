//! Response fields: the paths that are read are those of the text.

use std::collections::BTreeSet;

use ecwid_coupons::ResponseFields;

/// A field, after the fields that contain it.
type Path = Vec<String>;

/// Reads the text as a selection of fields.
pub fn check(data: &[u8]) {
    let Some(text) = crate::text(data) else { return };
    let Ok(fields) = text.parse::<ResponseFields>() else { return };
    let written = fields.to_string();
    let again: ResponseFields = written.parse().expect("what was written can be read");
    assert_eq!(again, fields);
    assert_eq!(again.to_string(), written);

    let mut paths = Vec::new();
    collect(&fields, &[], &mut paths);
    let distinct: BTreeSet<Path> = paths.iter().cloned().collect();
    assert_eq!(distinct.len(), paths.len(), "{written} names a field twice");
    assert_eq!(distinct, whole(named(text)), "{text} became {written}");

    let with = fields.clone().with("total");
    assert!(with.contains("total"));
    assert!(fields.iter().all(|(name, _)| with.contains(name)));
    assert_eq!(with.to_string().parse().as_ref(), Ok(&with));
}

fn collect(fields: &ResponseFields, above: &[String], paths: &mut Vec<Path>) {
    for (name, below) in fields.iter() {
        let path = [above, &[name.to_owned()]].concat();
        match below {
            Some(below) => collect(below, &path, paths),
            None => paths.push(path),
        }
    }
}

/// Returns the fields that a text names, character by character.
fn named(text: &str) -> BTreeSet<Path> {
    let (mut paths, mut above, mut name) = (BTreeSet::new(), Vec::new(), String::new());
    for sign in text.chars() {
        match sign {
            '(' => above.push(std::mem::take(&mut name)),
            ',' | ')' => {
                if !name.is_empty() {
                    paths.insert([&above[..], &[std::mem::take(&mut name)]].concat());
                }
                if sign == ')' {
                    above.pop();
                }
            }
            sign if sign.is_whitespace() => {}
            sign => name.push(sign),
        }
    }
    if !name.is_empty() {
        paths.insert(vec![name]);
    }
    paths
}

/// Drops fields whose parent is selected as a whole.
fn whole(paths: BTreeSet<Path>) -> BTreeSet<Path> {
    let stands = |path: &Path| !(1..path.len()).any(|length| paths.contains(&path[..length]));
    paths.iter().filter(|path| stands(path)).cloned().collect()
}
