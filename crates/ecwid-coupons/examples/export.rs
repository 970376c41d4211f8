//! Exports all coupons to a file, one JSON object in each line. If the program is interrupted, the next run continues
//! where it stopped.
//!
//! `cargo run --example export coupons.jsonl`
//!
//! Set `ECWID_STORE_ID` and `ECWID_TOKEN`. To use a sandbox, also set `ECWID_BASE_URL`.

use std::{
    env,
    error::Error,
    fs::{self, File},
    io::{self, BufWriter, ErrorKind, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use ecwid_coupons::{Client, PageStream};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("usage: export FILE")?;
    let (path, position) = (Path::new(&path), Path::new(&path).with_extension("position"));
    let (mut pages, length) = continued(&Client::from_env()?, &position)?;

    let mut file = File::options().create(true).write(true).truncate(false).open(path)?;
    // Coupons after the saved position are exported again.
    file.set_len(length)?;
    file.seek(SeekFrom::End(0))?;
    let mut file = BufWriter::new(file);
    while let Some(page) = pages.try_next().await? {
        for coupon in page.coupons {
            serde_json::to_writer(&mut file, &coupon)?;
            file.write_all(b"\n")?;
        }
        file.flush()?;
        // The coupons must be on the disk before the position says so.
        file.get_ref().sync_data()?;
        save(&position, &format!("{} {}", file.stream_position()?, page.cursor))?;
    }
    match fs::remove_file(position) {
        // The store has no coupons.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => Ok(result?),
    }
}

/// Returns the remaining pages, and the length of the file that has the pages before them.
fn continued(coupons: &Client, position: &Path) -> Result<(PageStream, u64), Box<dyn Error>> {
    match fs::read_to_string(position) {
        Ok(text) => {
            let (length, cursor) = text.split_once(' ').ok_or("the position has no cursor")?;
            Ok((coupons.resume(cursor.parse()?).pages(), length.parse()?))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok((coupons.search().pages(), 0)),
        Err(error) => Err(error.into()),
    }
}

/// Replaces a file as a whole, so that it is never half written.
fn save(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, text)?;
    File::open(&new)?.sync_all()?;
    fs::rename(new, path)
}
