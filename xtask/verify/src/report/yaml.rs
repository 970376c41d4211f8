//! Finds the lines of JSON pointers in a YAML file.

use anyhow::Context as _;
use saphyr::{LoadableYamlNode as _, MarkedYaml, YamlData};

/// A YAML file with the lines of its values.
pub(crate) struct YamlLines<'a>(MarkedYaml<'a>);

impl<'a> YamlLines<'a> {
    pub(crate) fn read(text: &'a str) -> anyhow::Result<Self> {
        let documents = MarkedYaml::load_from_str(text)?;
        Ok(Self(documents.into_iter().next().context("it is empty")?))
    }

    /// Returns the line of the value at a JSON pointer, or of the nearest existing value around it.
    pub(crate) fn line(&self, pointer: &str) -> usize {
        let mut node = &self.0;
        let mut line = 1;
        for part in pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            let next = match &node.data {
                YamlData::Mapping(entries) => {
                    let entry = entries.iter().find(|(key, _)| is_key(key, &part));
                    entry.map(|(key, value)| (key.span.start.line(), value))
                }
                YamlData::Sequence(items) => {
                    part.parse::<usize>().ok().and_then(|at| items.get(at)).map(|item| (item.span.start.line(), item))
                }
                _ => None,
            };
            let Some((found, inner)) = next else { break };
            (line, node) = (found, inner);
        }
        line
    }
}

fn is_key(key: &MarkedYaml<'_>, name: &str) -> bool {
    match &key.data {
        YamlData::Value(saphyr::Scalar::String(text)) => text == name,
        YamlData::Value(saphyr::Scalar::Integer(number)) => number.to_string() == name,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_to_the_line_of_its_key() {
        let text = "a: 1\npaths:\n  /x/{y}:\n    get:\n      parameters:\n        - name: z\n        - name: w\n";
        let lines = YamlLines::read(text).unwrap();
        for (pointer, line) in [
            ("/a", 1),
            ("/paths/~1x~1{y}/get", 4),
            ("/paths/~1x~1{y}/get/parameters/1", 7),
            ("/paths/~1x~1{y}/put", 3),
            ("", 1),
        ] {
            assert_eq!(lines.line(pointer), line, "{pointer}");
        }
    }
}
