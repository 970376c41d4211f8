//! [`OutputFile`]: the file of `--output`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::{
    exit::Failure,
    output::{Format, Out},
};

/// Returns the format of the results: that of `--format`, or else that of the name of the file.
///
/// # Errors
///
/// There is a file, and its format is not known, or it is not that of `--format`.
pub(crate) fn format_of(output: Option<&Path>, format: Format) -> Result<Format, Failure> {
    let Some(path) = output else { return Ok(format) };
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match (extension.as_deref(), format) {
        (Some("xlsx"), Format::Table) => Ok(Format::Xlsx),
        (Some("xlsx"), _) => {
            let message = format!("`--format` cannot be used with the workbook `{}`", path.display());
            Err(Failure::usage(message, "leave out `--format`, or choose a file with another ending"))
        }
        (Some("csv"), Format::Table) => Ok(Format::Csv),
        (Some("jsonl" | "ndjson"), Format::Table) => Ok(Format::Jsonl),
        (Some("json"), Format::Table) => Ok(Format::Json),
        (_, Format::Table) => {
            let message = format!("the format of `{}` is not known", path.display());
            Err(Failure::usage(message, "choose a file that ends with .csv, .jsonl, .json or .xlsx, or add `--format`"))
        }
        (_, format) => Ok(format),
    }
}

/// A file that is written beside its path, and gets its name when it is complete. If the command fails, an existing file
/// remains unchanged.
pub(crate) struct OutputFile {
    path: PathBuf,
    file: NamedTempFile,
}

impl OutputFile {
    /// Creates the file.
    ///
    /// # Errors
    ///
    /// The path is a folder or a device, or the folder cannot be written to.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let refused = |problem: String| {
            Failure::usage(format!("cannot write the file of `--output`: {problem}"), "choose another file")
        };
        if fs::metadata(path).is_ok_and(|file| !file.is_file()) {
            return Err(refused("it is not a regular file".to_owned()));
        }
        // A link stays a link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        #[cfg_attr(not(unix), expect(unused_mut, reason = "the permissions are set on Unix only"))]
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // As for a file that a shell creates: limited by the umask, or as the file that is replaced.
            let mode = fs::metadata(&path).map_or(0o666, |file| file.permissions().mode() & 0o777);
            builder.permissions(fs::Permissions::from_mode(mode));
        }
        let file = builder.tempfile_in(folder).map_err(|error| refused(error.to_string()))?;
        Ok(Self { path, file })
    }

    /// Returns the writer.
    pub(crate) fn out(&self) -> Result<Out, Failure> {
        Ok(Out::file(self.file.reopen()?))
    }

    /// Gives the file its name.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        self.file.as_file().sync_all()?;
        let persisted = self.file.persist(&self.path).map(drop).map_err(|error| error.error);
        Ok(persisted.map_err(|error| io::Error::new(error.kind(), format!("`--output`: {error}")))?)
    }
}
