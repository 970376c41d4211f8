//! Prints results as a table, and shows numbers as text.

use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle};

use super::row::{Results, Row, Target};

const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

const TITLES: [&str; 7] = ["work", "who", "figure", "unit", "ratio", "target", ""];

/// Returns the results as a table. A star marks the contenders of this project.
pub(super) fn table(results: &Results) -> String {
    let mut table = Table::new();
    table.load_style(STYLE).set_header(TITLES);
    let mut last = "";
    for row in &results.rows {
        let met = row.is_met().map_or("", |met| if met { "met" } else { "MISSED" });
        table.add_row([
            Cell::new(if row.work == last { "" } else { &row.work }),
            Cell::new(format!("{} {}", if row.is_ours { "*" } else { " " }, row.who)),
            right(number(row.figure)),
            Cell::new(&row.unit),
            right(row.ratio.map(ratio).unwrap_or_default()),
            right(row.target_text().unwrap_or_default()),
            Cell::new(met),
        ]);
        last = &row.work;
    }
    format!("{table}\n* this project; {}", conditions(results))
}

/// Returns how the results were measured.
pub(super) fn conditions(results: &Results) -> String {
    let rounds = match results.rounds {
        1 => "measured once".to_owned(),
        rounds => format!("medians of {rounds} rounds, in which the contenders alternate"),
    };
    [rounds].iter().chain(&results.conditions).map(String::as_str).collect::<Vec<_>>().join("; ")
}

fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// Returns a figure with at least three digits if it has a fraction, and with separated thousands.
pub(super) fn number(figure: f64) -> String {
    let decimals = match figure.abs() {
        _ if figure.fract() == 0.0 => 0,
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    let text = format!("{figure:.decimals$}");
    let digits = text.find('.').unwrap_or(text.len());
    let mut shown = String::new();
    for (place, character) in text.char_indices() {
        if place > 0 && place < digits && (digits - place).is_multiple_of(3) && !shown.ends_with('-') {
            shown.push(',');
        }
        shown.push(character);
    }
    shown
}

pub(super) fn ratio(ratio: f64) -> String {
    format!("{ratio:.2}")
}

impl Row {
    /// Returns whether the target is reached, or `None` without a target.
    pub(super) fn is_met(&self) -> Option<bool> {
        let (value, target) = match self.target? {
            Target::Ratio(target) => (self.ratio?, target),
            Target::Figure(target) => (self.figure, target),
        };
        Some(if self.more_is_better { value >= target } else { value <= target })
    }

    /// Returns the target as text, such as `ratio ≤ 1.10`.
    pub(super) fn target_text(&self) -> Option<String> {
        let sign = if self.more_is_better { '≥' } else { '≤' };
        Some(match self.target? {
            Target::Ratio(target) => format!("ratio {sign} {}", ratio(target)),
            Target::Figure(target) => format!("{sign} {}", number(target)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_three_digits_and_separated_thousands() {
        let shown = [0.0, 21.0, 0.456, 12.34, 123.4, 1234.5, 1_000_000.0, -1234.5].map(number);
        assert_eq!(shown, ["0", "21", "0.46", "12.3", "123", "1,234", "1,000,000", "-1,234"]);
    }

    #[test]
    fn a_target_limits_the_ratio_or_the_figure() {
        let ours = |figure, target| Row { target: Some(target), ..Row::ours("gets", "ours", figure, "ms") };
        let against_ten = |row: Row| row.compared_with("peer", 10.0)[0].clone();
        assert_eq!(ours(12.0, Target::Figure(12.0)).is_met(), Some(true));
        assert_eq!(ours(12.1, Target::Figure(12.0)).is_met(), Some(false));
        assert_eq!(against_ten(ours(11.0, Target::Ratio(1.1))).is_met(), Some(true));
        assert_eq!(against_ten(ours(11.0, Target::Ratio(1.0))).is_met(), Some(false));
        let more = Row { more_is_better: true, ..ours(11.0, Target::Ratio(1.2)) };
        assert_eq!(more.target_text().as_deref(), Some("ratio ≥ 1.20"));
        assert_eq!(against_ten(more).is_met(), Some(false));
        assert_eq!(Row::ours("gets", "ours", 1.0, "ms").is_met(), None);
    }

    #[test]
    fn the_table_marks_our_rows_and_missed_targets() {
        let ours = Row { target: Some(Target::Ratio(1.0)), ..Row::ours("gets", "ours", 1500.0, "ms") };
        let rows = ours.compared_with("peer", 1000.0).to_vec();
        let results = Results { rounds: 3, conditions: vec!["10 coupons".to_owned()], rows };
        let lines: Vec<_> =
            table(&results).lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            lines[2..],
            [
                "gets * ours 1,500 ms 1.50 ratio ≤ 1.00 MISSED",
                "peer 1,000 ms 1.00",
                "* this project; medians of 3 rounds, in which the contenders alternate; 10 coupons"
            ]
        );
    }
}
