//! Files of people and of spreadsheets: each is read exactly, or refused with the place and the option that settles it.

use ecwid_coupons_jobs::{DateOrder, DecimalMark, Table, TableError, TableOptions};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};

/// A file, the options for it, and what becomes of it.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    options: TableOptions,
    expected: Expected,
}

enum Expected {
    /// The code of each row, and its other fields as JSON.
    Coupons(Vec<(&'static str, &'static str)>),
    /// Parts of the message.
    Refused(Vec<&'static str>),
}

fn case(name: &'static str, bytes: impl Into<Vec<u8>>, expected: Expected) -> Case {
    Case { name, bytes: bytes.into(), options: TableOptions::default(), expected }
}

fn right<const N: usize>(coupons: [(&'static str, &'static str); N]) -> Expected {
    Expected::Coupons(coupons.into())
}

fn refused<const N: usize>(parts: [&'static str; N]) -> Expected {
    Expected::Refused(parts.into())
}

impl Case {
    fn with(mut self, set: impl FnOnce(&mut TableOptions)) -> Self {
        set(&mut self.options);
        self
    }

    fn check(&self) {
        let read = Table::from_bytes(self.name, &self.bytes, &self.options).and_then(|it| it.coupons(&self.options));
        match (&self.expected, read) {
            (Expected::Coupons(expected), Ok(table)) => {
                let json = |row: &ecwid_coupons_jobs::CouponRow| serde_json::to_string(&row.fields).unwrap();
                let found: Vec<_> = table.rows.iter().map(|row| (row.code.clone(), json(row))).collect();
                let found: Vec<_> = found.iter().map(|(code, json)| (code.as_str(), json.as_str())).collect();
                assert_eq!(found, *expected, "{}", self.name);
            }
            (Expected::Refused(parts), Err(error)) => {
                for part in parts {
                    assert!(error.to_string().contains(part), "{}: {error}\nlacks {part}", self.name);
                }
            }
            (Expected::Coupons(_), Err(error)) => panic!("{}: {error}", self.name),
            (Expected::Refused(_), Ok(table)) => panic!("{}: read as {:?}", self.name, table.rows),
        }
    }
}

fn utf16(text: &str, is_little: bool) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(|unit| if is_little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

#[test]
fn text_files_are_read_exactly_or_refused() {
    let german = "\u{feff}code;Name;Discount type;Rabatt;Expiration date\r\n00123;Zehn;PERCENT;12,50;31.12.2026\r\n\
                  MAR1;\"Mär;z\";ABS;1.000,00;1.3.2026 18:00\r\n";
    let german_rows = [
        (
            "00123",
            r#"{"name":"Zehn","discountType":"PERCENT","discount":12.50,"expirationDate":"2026-12-31 23:59:59 +0000"}"#,
        ),
        (
            "MAR1",
            r#"{"name":"Mär;z","discountType":"ABS","discount":1000.00,"expirationDate":"2026-03-01 18:00:00 +0000"}"#,
        ),
    ];
    let rabatt = |options: &mut TableOptions| options.fields = vec![("Rabatt".to_owned(), "discount".to_owned())];
    let codes = |rows: &str| format!("code,name\n{rows}");
    let cases = [
        case("a German spreadsheet", german, right(german_rows)).with(rabatt),
        case(
            "a column of unknown name",
            german,
            refused(["unknown column: `Rabatt`", "--map 'Rabatt=FIELD'", "--carry-unknown"]),
        ),
        case(
            "windows-1252",
            german.replace('\u{feff}', "").chars().map(|it| it as u8).collect::<Vec<_>>(),
            right(german_rows),
        )
        .with(rabatt)
        .with(|it| it.encoding = Some("windows-1252".to_owned())),
        case(
            "windows-1252 without a word",
            german.replace('\u{feff}', "").chars().map(|it| it as u8).collect::<Vec<_>>(),
            refused(["line 3 is not UTF-8", "--encoding windows-1252"]),
        ),
        case("an unknown encoding", "code\nA\n", refused(["unknown encoding: `latin`"]))
            .with(|it| it.encoding = Some("latin".to_owned())),
        case(
            "UTF-16 LE with tabs",
            utf16("code\tname\r\n00123\tTen\r\n", true),
            right([("00123", r#"{"name":"Ten"}"#)]),
        ),
        case("UTF-16 BE", utf16("code,name\n00123,Ten\n", false), right([("00123", r#"{"name":"Ten"}"#)])),
        case(
            "UTF-16 without a mark",
            utf16("code,name\nA,B\n", true)[2..].to_vec(),
            refused(["NUL bytes", "--encoding utf-16le"]),
        ),
        case("sep=;", "sep=;\ncode;name\n1E10;Ten\n", right([("1E10", r#"{"name":"Ten"}"#)])),
        case(
            "sep=; and a problem",
            "sep=;\r\ncode;name;discount\r\nA;Ten;x\r\n",
            refused(["line 3, discount", "`x` is not an amount"]),
        ),
        case(
            "codes with leading zeros",
            codes("00123,A\n00045,B\n"),
            right([("00123", r#"{"name":"A"}"#), ("00045", r#"{"name":"B"}"#)]),
        ),
        case(
            "codes like numbers",
            codes("1E10,A\n2E5,B\n"),
            right([("1E10", r#"{"name":"A"}"#), ("2E5", r#"{"name":"B"}"#)]),
        ),
        case(
            "codes like booleans",
            codes("TRUE,A\nFALSE,B\n"),
            right([("TRUE", r#"{"name":"A"}"#), ("FALSE", r#"{"name":"B"}"#)]),
        ),
        case("codes like dates", codes("2026-01-01,A\n"), right([("2026-01-01", r#"{"name":"A"}"#)])),
        case(
            "codes like nothing",
            codes("NA,A\nnull,B\nNaN,C\n"),
            right([("NA", r#"{"name":"A"}"#), ("null", r#"{"name":"B"}"#), ("NaN", r#"{"name":"C"}"#)]),
        ),
        case(
            "a code that a spreadsheet destroyed",
            codes("1.23457E+11,A\n"),
            refused(["line 2, code", "`1.23457E+11`", "its digits are gone"]),
        ),
        case("one with a comma", "code;name\n1,23457E+11;A\n", refused(["line 2, code", "its digits are gone"])),
        case("a padded code", codes("  PAD  ,A\n"), right([("PAD", r#"{"name":"A"}"#)])),
        case("a no-break space in a code", codes("A\u{a0}B,A\n"), refused(["line 2, code", "U+00A0"])),
        case("a zero-width space in a code", codes("AB\u{200b},A\n"), refused(["U+200B"])),
        case("a control character in a code", codes("A\u{7}B,A\n"), refused(["U+0007"])),
        case("a Cyrillic letter in a code", codes("С\u{41e}DE,A\n"), refused(["U+0421", "--unicode-codes"])),
        case("full-width letters", codes("ＡＢ,A\n"), refused(["U+FF21", "--unicode-codes"])),
        case("a code in another alphabet", codes("ЛЕТО,A\n"), right([("ЛЕТО", r#"{"name":"A"}"#)]))
            .with(|it| it.unicode_codes = true),
        case(
            "a twin in another case",
            codes("ten,A\nX,B\nTEN,C\n"),
            refused(["line 4: the code `TEN` is also in line 2"]),
        ),
        case("no code", codes("A,A\n,B\n"), refused(["line 3, code: the code is missing"])),
        case("no header", "SPRING,Ten\nSUMMER,Ten\n", refused(["has the first row the names of the columns?"])),
        case("no column of codes", "name,discount\nA,5\n", refused(["no column has the codes"])),
        case(
            "a misspelled column",
            "code,discont\nA,5\n",
            refused(["unknown column: `discont` (did you mean `discount`?)"]),
        ),
        case("a column twice", "code,name,name\nA,B,C\n", refused(["column 3: the column `name` is there twice"])),
        case(
            "a field twice",
            "code,discountType,discount_type\nA,ABS,ABS\n",
            refused(["`discountType` and `discount_type` have the same field"]),
        ),
        case("a column without a name", "code,name,\nA,B,C\n", refused(["column 3: the column has no name"])),
        case("empty columns beside", "code,name,,\nA,B,,\n", right([("A", r#"{"name":"B"}"#)])),
        case("a row that is too long", codes("A,B\nC,D,E\n"), refused(["line 3: 3 cells (expected 2"])),
        case("a row that is too short", codes("A\n"), refused(["line 2: 1 cells (expected 2"])),
        case("empty lines", "code,name\r\n\r\nA,B\r\n,\r\n\r\nC,D,E\r\n", refused(["line 6: 3 cells"])),
        case("old line ends", "code,name\rA,B\rC,D\r", right([("A", r#"{"name":"B"}"#), ("C", r#"{"name":"D"}"#)])),
        case("a line end in a cell", "code,name\n\"A\",\"B\nC\"\nD,E,F\n", refused(["line 4: 3 cells"])),
        case("an open quotation mark", "code,name\nA,\"B\nC,D\n", refused(["line 2: a quotation mark is not closed"])),
        case("a quotation mark in a cell", "code,name\nA,\"5\"\" off\"\n", right([("A", r#"{"name":"5\" off"}"#)])),
        case("two delimiters", "code,a;name\nA;B\n", refused(["separated by", "--delimiter"]))
            .with(|it| it.carry_unknown = true),
        case("a named delimiter", "code|name,x\nA|B\n", right([("A", r#"{}"#)])).with(|it| {
            it.delimiter = Some('|');
            it.carry_unknown = true;
        }),
        case("a single column", "code\nA\n00B\n", right([("A", "{}"), ("00B", "{}")])),
        case("an empty file", "", refused(["the file is empty"])),
        case("only names of columns", "code,name\n", right([])),
        case(
            "an ambiguous amount",
            "code,discount\nA,1.000\n",
            refused(["line 2, discount", "`1.000`", "--decimal comma", "--decimal point"]),
        ),
        case("an ambiguous amount, settled", "code,discount\nA,1.000\n", right([("A", r#"{"discount":1000}"#)]))
            .with(|it| it.decimal = Some(DecimalMark::Comma)),
        case(
            "an ambiguous amount, settled otherwise",
            "code,discount\nA,1.000\n",
            right([("A", r#"{"discount":1.000}"#)]),
        )
        .with(|it| it.decimal = Some(DecimalMark::Point)),
        case(
            "an amount settled by its column",
            "code;discount\nA;1.000\nB;2,5\n",
            right([("A", r#"{"discount":1000}"#), ("B", r#"{"discount":2.5}"#)]),
        ),
        case(
            "two decimal marks",
            "code;discount\nA;1.5\nB;2,5\n",
            refused(["line 3, discount: `2,5` is in another form than `1.5` in line 2"]),
        ),
        case(
            "a percentage",
            "code,discountType,discount\nA,percent,10 %\n",
            right([("A", r#"{"discountType":"PERCENT","discount":10}"#)]),
        ),
        case(
            "a percentage without its type",
            "code,discount\nA,10 %\n",
            refused(["line 2, discount: a percentage, but `discountType` is missing"]),
        ),
        case(
            "a percentage of another type",
            "code,discountType,discount\nA,ABS,10%\n",
            refused(["a percentage, but `discountType` is `ABS`"]),
        ),
        case(
            "money with a percentage's type",
            "code,discountType,discount\nA,PERCENT,€ 5\n",
            refused(["an amount of money, but `discountType` is `PERCENT`"]),
        ),
        case("an amount with spaces", "code;discount\nA;1 000,5 €\n", right([("A", r#"{"discount":1000.5}"#)])),
        case(
            "many digits",
            "code,discount\nA,0.1234567890123456789\n",
            right([("A", r#"{"discount":0.1234567890123456789}"#)]),
        ),
        case("text as an amount", "code,discount\nA,ten\n", refused(["line 2, discount: `ten` is not an amount"])),
        case(
            "an ambiguous date",
            "code,expirationDate\nA,01/02/2027\n",
            refused(["line 2, expirationDate", "`01/02/2027`", "--dates dmy", "--dates mdy"]),
        ),
        case(
            "an ambiguous date, settled",
            "code,launchDate\nA,01/02/2027\n",
            right([("A", r#"{"launchDate":"2027-01-02 00:00:00 +0000"}"#)]),
        )
        .with(|it| it.dates = Some(DateOrder::MonthDayYear)),
        case(
            "a date settled by its column",
            "code,expirationDate\nA,01/02/2027\nB,13/02/2027\n",
            right([
                ("A", r#"{"expirationDate":"2027-02-01 23:59:59 +0000"}"#),
                ("B", r#"{"expirationDate":"2027-02-13 23:59:59 +0000"}"#),
            ]),
        ),
        case(
            "two orders of dates",
            "code,expirationDate\nA,13/02/2027\nB,02/13/2027\n",
            refused(["line 3, expirationDate: `02/13/2027` is in another form"]),
        ),
        case("a year of two digits", "code,expirationDate\nA,31.12.26\n", refused(["a year of two digits"])),
        case("a day that is not", "code,expirationDate\nA,30.02.2027\n", refused(["not a day of the calendar"])),
        case(
            "a date of the API",
            "code,expirationDate\nA,2027-06-30 10:00:00 +0200\n",
            right([("A", r#"{"expirationDate":"2027-06-30 10:00:00 +0200"}"#)]),
        ),
        case("text as a date", "code,expirationDate\nA,soon\n", refused(["line 2, expirationDate", "`soon`"])),
        case(
            "an unknown type",
            "code,discountType\nA,PERCNT\n",
            refused(["line 2, discountType", "did you mean `PERCENT`?"]),
        ),
        case(
            "a list",
            "code;catalogLimit.products\nA;\"1, 2\"\nB;[3,4]\n",
            right([("A", r#"{"catalogLimit":{"products":[1,2]}}"#), ("B", r#"{"catalogLimit":{"products":[3,4]}}"#)]),
        ),
        case(
            "a text in a list of numbers",
            "code;catalogLimit.products\nA;1,x\n",
            refused(["line 2, catalogLimit.products", "`x`"]),
        ),
        case("fields of the store", "id,code,orderCount,status\n5,A,3,EXPIRED\n", right([("A", "{}")])),
        case("unknown fields", "code,extra\nA,\"{\"\"loyalty\"\":1}\"\n", right([("A", r#"{"loyalty":1}"#)])),
    ];
    cases.iter().for_each(Case::check);
}

#[test]
fn json_lines_are_read_exactly_or_refused() {
    let cases = [
        case(
            "the output of a search",
            "{\"id\":1,\"name\":\"Ten\",\"code\":\"00123\",\"discount\":10.50,\"catalogLimit\":{\"products\":[1]},\"orderCount\":2}\n",
            right([("00123", r#"{"name":"Ten","discount":10.50,"catalogLimit":{"products":[1]}}"#)]),
        ),
        case(
            "different fields",
            "{\"code\":\"A\"}\n{\"name\":\"B\",\"code\":\"B\"}\n",
            right([("A", "{}"), ("B", r#"{"name":"B"}"#)]),
        ),
        case("a number as a code", "{\"code\":123}\n", refused(["line 1, code", "the number 123"])),
        case("a number of a code with digits", "{\"code\":12345678901234567890}\n", refused(["line 1, code"])),
        case(
            "a broken line",
            "{\"code\":\"A\"}\n{\"code\":\n",
            refused(["line 2", "expected a JSON object on each line"]),
        ),
        case("a list", "{\"code\":\"A\"}\n[1]\n", refused(["line 2"])),
        case("an array", "[{\"code\":\"A\"}]", refused(["a JSON array", "--format jsonl"])),
        case("a mark of UTF-8", "\u{feff}{\"code\":\"A\"}\n", right([("A", "{}")])),
        case("an empty value", "{\"code\":\"A\",\"name\":null,\"expirationDate\":\"\"}\n", right([("A", "{}")])),
        case("an exact amount", "{\"code\":\"A\",\"discount\":1.000}\n", right([("A", r#"{"discount":1.000}"#)])),
    ];
    cases.iter().for_each(Case::check);
}

type Written<'a> = Result<&'a mut Worksheet, XlsxError>;

/// Returns a workbook with a sheet. The first row has the names of the columns.
fn workbook(columns: &[&str], fill: impl FnOnce(&mut Worksheet) -> Written<'_>) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (index, name) in columns.iter().enumerate() {
        sheet.write(0, u16::try_from(index).unwrap(), *name).unwrap();
    }
    fill(sheet).unwrap();
    book.save_to_buffer().unwrap()
}

/// Returns a workbook with one code.
fn code(fill: impl FnOnce(&mut Worksheet) -> Written<'_>) -> Vec<u8> {
    workbook(&["name", "code"], |sheet| {
        sheet.write(1, 0, "Ten")?;
        fill(sheet)
    })
}

/// Returns a workbook with the code A and one field.
fn field(name: &str, fill: impl FnOnce(&mut Worksheet) -> Written<'_>) -> Vec<u8> {
    workbook(&["code", name], |sheet| {
        sheet.write(1, 0, "A")?;
        fill(sheet)
    })
}

#[test]
fn workbooks_are_read_exactly_or_refused() {
    let format = |code: &str| Format::new().set_num_format(code);
    let day = ExcelDateTime::from_ymd(2026, 12, 31).unwrap();
    let second = ExcelDateTime::parse_from_str("2026-12-31T23:59:59.999").unwrap();
    let percent = |set: &mut TableOptions| set.percent_cells = true;
    let numeric = |set: &mut TableOptions| set.numeric_codes = true;
    let cases = [
        case("a code as text", code(|it| it.write(1, 1, "00123")), right([("00123", r#"{"name":"Ten"}"#)])),
        case(
            "a code like a number, as text",
            code(|it| it.write(1, 1, "1E10")),
            right([("1E10", r#"{"name":"Ten"}"#)]),
        ),
        case(
            "a number as a code",
            code(|it| it.write(1, 1, 123)),
            refused(["cell B2 (code)", "the number 123", "--numeric-codes"]),
        ),
        case("a number as a code, accepted", code(|it| it.write(1, 1, 123)), right([("123", r#"{"name":"Ten"}"#)]))
            .with(numeric),
        case(
            "leading zeros of a format",
            code(|it| it.write_with_format(1, 1, 45, &format("00000"))),
            right([("00045", r#"{"name":"Ten"}"#)]),
        )
        .with(numeric),
        case(
            "a code of 18 digits",
            code(|it| it.write(1, 1, 123_456_789_012_345_678_f64)),
            refused(["cell B2 (code)", "more than 15 digits"]),
        )
        .with(numeric),
        case("decimals as a code", code(|it| it.write(1, 1, 1.5)), refused(["cell B2 (code)", "the number 1.5"]))
            .with(numeric),
        case(
            "a code that became a date",
            code(|it| it.write_with_format(1, 1, &day, &format("mmm yy"))),
            refused(["cell B2 (code)", "the date 2026-12-31"]),
        ),
        case(
            "a code that became a boolean",
            code(|it| it.write(1, 1, true)),
            refused(["cell B2 (code)", "the boolean true"]),
        ),
        case(
            "a code by a formula",
            code(|it| it.write(1, 1, Formula::new("=\"A\"&1").set_result("A1"))),
            right([("A1", r#"{"name":"Ten"}"#)]),
        ),
        case(
            "a formula without a result",
            code(|it| it.write(1, 1, Formula::new("=A1").set_result(""))),
            refused(["cell B2 (code)", "a formula without a result"]),
        ),
        case(
            "the error of a formula",
            code(|it| it.write(1, 1, Formula::new("=1/0").set_result("#DIV/0!"))),
            refused(["cell B2 (code)", "the error of a formula"]),
        ),
        case("an exact amount", field("discount", |it| it.write(1, 1, 12.5)), right([("A", r#"{"discount":12.5}"#)])),
        case(
            "an amount of a formula",
            field("discount", |it| it.write(1, 1, 0.1 + 0.2)),
            right([("A", r#"{"discount":0.3}"#)]),
        ),
        case(
            "a German amount as text",
            field("discount", |it| it.write(1, 1, "12,50")),
            right([("A", r#"{"discount":12.50}"#)]),
        ),
        case(
            "a percentage",
            field("discount", |it| it.write_with_format(1, 1, 0.15, &format("0%"))),
            refused(["cell B2 (discount)", "shows 15%", "--percent-cells"]),
        ),
        case(
            "a percentage, settled",
            workbook(&["code", "discountType", "discount"], |it| {
                it.write(1, 0, "A").unwrap();
                it.write(1, 1, "PERCENT").unwrap();
                it.write_with_format(1, 2, 0.07, &format("0.00%"))
            }),
            right([("A", r#"{"discountType":"PERCENT","discount":7}"#)]),
        )
        .with(percent),
        case(
            "a percentage, settled, of another type",
            field("discount", |it| it.write_with_format(1, 1, 0.15, &format("0%"))),
            refused(["`discountType` is missing"]),
        )
        .with(percent),
        case(
            "a date",
            field("expirationDate", |it| it.write_with_format(1, 1, &day, &format("dd.mm.yyyy"))),
            right([("A", r#"{"expirationDate":"2026-12-31 23:59:59 +0000"}"#)]),
        ),
        case(
            "a date with a time",
            field("expirationDate", |it| it.write_with_format(1, 1, &second, &format("yyyy-mm-dd hh:mm"))),
            right([("A", r#"{"expirationDate":"2026-12-31 23:59:59 +0000"}"#)]),
        ),
        case(
            "a date without its format",
            field("expirationDate", |it| it.write(1, 1, 46022)),
            refused(["cell B2 (expirationDate)", "the number 46022 is not a date"]),
        ),
        case(
            "a name that became a date",
            field("name", |it| it.write_with_format(1, 1, &day, &format("mmm yy"))),
            refused(["cell B2 (name)", "made a date of the text"]),
        ),
        case("a number as a name", field("name", |it| it.write(1, 1, 10)), right([("A", r#"{"name":"10"}"#)])),
        case(
            "a table that begins elsewhere",
            {
                let mut book = Workbook::new();
                let sheet = book.add_worksheet();
                sheet.write(4, 2, "code").unwrap();
                sheet.write(5, 2, "00123").unwrap();
                sheet.write(7, 2, 7).unwrap();
                book.save_to_buffer().unwrap()
            },
            refused(["cell C8 (code)"]),
        ),
        case("two sheets", two_sheets(), refused(["sheets with cells: `Codes`, `Notes`", "--sheet Codes"])),
        case("a named sheet", two_sheets(), right([("A", "{}")])).with(|it| it.sheet = Some("Codes".to_owned())),
        case(
            "an unknown sheet",
            two_sheets(),
            refused(["unknown sheet: `Code` (expected one of `Codes`, `Notes`, `Sheet3`)"]),
        )
        .with(|it| it.sheet = Some("Code".to_owned())),
        case("an empty workbook", workbook(&[], |it| Ok(it)), refused(["the workbook is empty"])),
        case("a broken workbook", b"PK\x03\x04broken".to_vec(), refused(["not a readable workbook"])),
        case("an old workbook", vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1], refused(["save it as XLSX"])),
    ];
    cases.iter().for_each(Case::check);
}

fn two_sheets() -> Vec<u8> {
    let mut book = Workbook::new();
    let codes = book.add_worksheet().set_name("Codes").unwrap();
    codes.write(0, 0, "code").unwrap();
    codes.write(1, 0, "A").unwrap();
    book.add_worksheet().set_name("Notes").unwrap().write(0, 0, "by Ann").unwrap();
    book.add_worksheet();
    book.save_to_buffer().unwrap()
}

#[test]
fn recipients_are_text_as_a_spreadsheet_shows_them() {
    let format = |code: &str| Format::new().set_num_format(code);
    let bytes = workbook(&["email", "zip", "phone", "born", "share", "ok"], |it| {
        it.write(1, 0, "ann@example.com").unwrap();
        it.write_with_format(1, 1, 123, &format("00000")).unwrap();
        it.write(1, 2, "+49 30").unwrap();
        it.write_with_format(1, 3, ExcelDateTime::from_ymd(1990, 5, 1).unwrap(), &format("dd.mm.yyyy")).unwrap();
        it.write_with_format(1, 4, 0.5, &format("0%")).unwrap();
        it.write(1, 5, true).unwrap();
        it.write(3, 0, "bob@example.com")
    });
    let rows = Table::from_bytes("people.xlsx", &bytes, &TableOptions::default()).unwrap().text_rows().unwrap();
    let rows: Vec<_> = rows.iter().map(|row| row.values().map(String::as_str).collect::<Vec<_>>()).collect();
    let ann = ["ann@example.com", "00123", "+49 30", "1990-05-01", "50%", "true"];
    assert_eq!(rows, [ann.to_vec(), vec!["bob@example.com", "", "", "", "", ""]]);

    let bytes = workbook(&["email", "card"], |it| {
        it.write(1, 0, "ann@example.com").unwrap();
        it.write(1, 1, 4_111_111_111_111_111_f64)
    });
    let error = Table::from_bytes("people.xlsx", &bytes, &TableOptions::default()).unwrap().text_rows().unwrap_err();
    assert!(error.to_string().contains("cell B2 (card)"), "{error}");
}

#[test]
fn all_problems_are_listed() {
    let text: String =
        std::iter::once("code,discount\n".to_owned()).chain((0..9).map(|row| format!("C{row},x\n"))).collect();
    let options = TableOptions::default();
    let TableError { problems, .. } =
        Table::from_bytes("bad.csv", text.as_bytes(), &options).unwrap().coupons(&options).unwrap_err();
    assert_eq!(problems.len(), 9);
    assert_eq!(problems[8].place, "line 10, discount");
}

#[test]
fn what_was_changed_is_noted() {
    let options = TableOptions::default();
    let text = "code,id,status\n PAD ,5,EXPIRED\n PAD2 ,6,ACTIVE\n";
    let table = Table::from_bytes("coupons.csv", text.as_bytes(), &options).unwrap().coupons(&options).unwrap();
    assert_eq!(
        table.notes,
        [
            "spaces around a code were removed in line 2 and 1 more",
            "fields left out because the store sets them: id, status EXPIRED"
        ]
    );
}
