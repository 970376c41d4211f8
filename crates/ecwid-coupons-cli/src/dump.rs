//! The target of `sandbox --dump`.

use std::{
    ffi::OsString,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use ecwid_coupons_sandbox::Sandbox;
use tempfile::NamedTempFile;

use crate::exit::Failure;

/// The suffixes of a SQLite database and of the files that SQLite keeps next to it.
const BESIDE_DATABASE: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// The input files of a sandbox. A dump must not replace any of them.
pub(crate) struct Inputs(Vec<(&'static str, PathBuf)>);

impl Inputs {
    /// Collects the files of the database, and the other files with the flags that name them.
    pub(crate) fn new<'a>(
        database: Option<&Path>,
        others: impl Iterator<Item = (&'static str, &'a Option<PathBuf>)>,
    ) -> Self {
        let mut inputs: Vec<_> = others.filter_map(|(flag, path)| Some((flag, path.clone()?))).collect();
        if let Some(path) = database {
            // If the path is a symbolic link, SQLite keeps its files next to the target of the link.
            let paths = [path.to_owned(), resolved(path).unwrap_or_else(|_| path.to_owned())];
            for (path, suffix) in paths.iter().flat_map(|path| BESIDE_DATABASE.map(|suffix| (path, suffix))) {
                let mut path = OsString::from(path);
                path.push(suffix);
                inputs.push(("--db", path.into()));
            }
        }
        Self(inputs)
    }

    /// Returns the flag that names this file, by this path or another one.
    fn flag_of(&self, file: &Path) -> Option<&'static str> {
        let is_same = |input: &Path| {
            resolved(input).is_ok_and(|input| input == file)
                || (input.is_file() && file.is_file() && same_file::is_same_file(input, file).unwrap_or(false))
        };
        self.0.iter().find(|(_, input)| is_same(input)).map(|(flag, _)| *flag)
    }
}

/// The target of a dump.
pub(crate) enum Target {
    /// Standard output, or a file that is not a regular file, such as a pipe.
    Stream(Box<dyn io::Write>),
    /// A regular file. It is replaced when the dump is complete.
    File(PathBuf),
}

impl Target {
    /// Checks the path of `--dump`. Does not change the file.
    pub(crate) fn of(path: &Path, inputs: &Inputs) -> Result<Self, Failure> {
        let unwritable = |error: io::Error| {
            Failure::usage(format!("cannot write the file of `--dump`: {error}"), "choose another file")
        };
        if path == Path::new("-") {
            return Ok(Self::Stream(Box::new(io::stdout().lock())));
        }
        // The file is replaced, which needs no permission to write to it. Check the permission anyway.
        match OpenOptions::new().write(true).open(path) {
            Ok(out) if !out.metadata().map_err(unwritable)?.is_file() => return Ok(Self::Stream(Box::new(out))),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unwritable(error)),
            _ => {}
        }
        let file = resolved(path).map_err(unwritable)?;
        if let Some(flag) = inputs.flag_of(&file) {
            let message = format!("`--dump` and `{flag}` name the same file");
            return Err(Failure::usage(message, "choose another file for `--dump`"));
        }
        Ok(Self::File(file))
    }

    /// Writes the content of all stores.
    pub(crate) async fn write(self, sandbox: &Sandbox) -> Result<(), Failure> {
        let path = match self {
            Self::Stream(mut out) => {
                sandbox.dump(&mut out).await?;
                return Ok(out.flush()?);
            }
            Self::File(path) => path,
        };
        // A temporary file is readable by this user only. The dump contains e-mail addresses of customers.
        let mut file = NamedTempFile::new_in(path.parent().unwrap_or(&path)).map_err(|error| {
            Failure::usage(
                format!("cannot write to the folder of the file of `--dump`: {error}"),
                "choose a file in another folder",
            )
        })?;
        sandbox.dump(&mut file).await?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Returns the absolute path of a file, with symbolic links resolved. Only the folder of the file must exist.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // The target of a symbolic link does not have to exist either.
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
