//! JSON Lines: an object on each line.

use ecwid_coupons::{
    __private::{JsonMembers, read_json},
    RawJson,
};

use super::{Cell, Column, Problem, Table, TableError, TableRow};

pub(super) fn read(name: &str, text: &str) -> Result<Table, TableError> {
    let mut columns = indexmap::IndexSet::new();
    let mut objects = Vec::new();
    let mut problems = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match read_json::<JsonMembers>(line.as_bytes()) {
            Ok(JsonMembers(members)) => {
                columns.extend(members.iter().map(|(name, _)| name.clone()));
                objects.push((index + 1, members));
            }
            Err(problem) => problems.push(Problem::new(
                format!("line {}", index + 1),
                format!("{} (expected a JSON object on each line)", problem.without_place()),
            )),
        }
    }
    TableError::unless_empty(name, problems)?;
    let mut rows = Vec::with_capacity(objects.len());
    for (number, members) in objects {
        let mut cells = vec![Cell::Empty; columns.len()];
        for (name, value) in members {
            if let Some(index) = columns.get_index_of(&name) {
                cells[index] = cell(value);
            }
        }
        rows.push(TableRow { number, cells });
    }
    let columns = columns.into_iter().map(|name| Column { name, letters: None }).collect();
    Table::new(name, columns, rows)
}

fn cell(json: RawJson) -> Cell {
    match json.as_str() {
        "null" => Cell::Empty,
        "true" => Cell::Boolean(true),
        "false" => Cell::Boolean(false),
        text if text.starts_with(['[', '{']) => Cell::Json(json),
        text if text.starts_with('"') => Cell::of_text(&json.deserialize::<String>().unwrap_or_default()),
        digits => Cell::Number { digits: digits.to_owned(), format: String::new() },
    }
}
