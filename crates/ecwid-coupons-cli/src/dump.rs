//! Where `sandbox --dump` writes to.

use std::{
    ffi::OsString,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use ecwid_coupons_sandbox::Sandbox;
use tempfile::NamedTempFile;

use crate::exit::Failure;

/// What SQLite appends to the name of a database for the files that it keeps beside it.
const BESIDE_DATABASE: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// The files that a sandbox is made of, none of which a dump may replace.
pub(crate) struct Inputs(Vec<(&'static str, PathBuf)>);

impl Inputs {
    /// The database, with the files that SQLite keeps beside it, and the other files that were given by their flags.
    pub(crate) fn new<'a>(
        database: Option<&Path>,
        others: impl Iterator<Item = (&'static str, &'a Option<PathBuf>)>,
    ) -> Self {
        let mut inputs: Vec<_> = others.filter_map(|(flag, path)| Some((flag, path.clone()?))).collect();
        if let Some(path) = database {
            // They are beside the file that a link leads to.
            let paths = [path.to_owned(), resolved(path).unwrap_or_else(|_| path.to_owned())];
            for (path, suffix) in paths.iter().flat_map(|path| BESIDE_DATABASE.map(|suffix| (path, suffix))) {
                let mut path = OsString::from(path);
                path.push(suffix);
                inputs.push(("--db", path.into()));
            }
        }
        Self(inputs)
    }

    /// The flag that names this file, by whichever path.
    fn flag_of(&self, file: &Path) -> Option<&'static str> {
        let is_same = |input: &Path| {
            resolved(input).is_ok_and(|input| input == file)
                || (input.is_file() && file.is_file() && same_file::is_same_file(input, file).unwrap_or(false))
        };
        self.0.iter().find(|(_, input)| is_same(input)).map(|(flag, _)| *flag)
    }
}

/// Where a dump goes.
pub(crate) enum Target {
    /// Standard output, or something else that takes what is written to it as it comes.
    Stream(Box<dyn io::Write>),
    /// A file, which is replaced when the dump is complete.
    File(PathBuf),
}

impl Target {
    /// Looks at what `--dump` names. Nothing is changed yet.
    pub(crate) fn of(path: &Path, inputs: &Inputs) -> Result<Self, Failure> {
        let unwritable = |error: io::Error| {
            Failure::usage(format!("the file of --dump cannot be written: {error}"), "name another file")
        };
        if path == Path::new("-") {
            return Ok(Self::Stream(Box::new(io::stdout().lock())));
        }
        // Replacing a file needs no permission to write to it, which is asked for here all the same.
        match OpenOptions::new().write(true).open(path) {
            Ok(out) if !out.metadata().map_err(unwritable)?.is_file() => return Ok(Self::Stream(Box::new(out))),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unwritable(error)),
            _ => {}
        }
        let file = resolved(path).map_err(unwritable)?;
        if let Some(flag) = inputs.flag_of(&file) {
            let message = format!("--dump and {flag} name the same file");
            return Err(Failure::usage(message, "name another file for --dump"));
        }
        Ok(Self::File(file))
    }

    /// Writes all that is in the stores.
    pub(crate) async fn write(self, sandbox: &Sandbox) -> Result<(), Failure> {
        let path = match self {
            Self::Stream(mut out) => {
                sandbox.dump(&mut out).await?;
                return Ok(out.flush()?);
            }
            Self::File(path) => path,
        };
        // Only this user can read it, since it holds e-mail addresses of customers.
        let mut file = NamedTempFile::new_in(path.parent().unwrap_or(&path)).map_err(|error| {
            Failure::usage(
                format!("the folder of the --dump file cannot be written to: {error}"),
                "name a file in another folder",
            )
        })?;
        sandbox.dump(&mut file).await?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// The absolute path of a file without links, which need not be there if its folder is.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // A link to a file that is not there yet leads to it.
            if let Ok(link) = fs::read_link(path) {
                return resolved(&path.parent().unwrap_or(Path::new("")).join(link));
            }
            let path = std::path::absolute(path)?;
            match (path.parent(), path.file_name()) {
                (Some(folder), Some(name)) => Ok(fs::canonicalize(folder)?.join(name)),
                _ => Err(error),
            }
        }
        done => done,
    }
}
