//! The marks and warnings of what is deprecated, in Python.
//!
//! A type checker can mark a function or an overload, but no argument. A function with deprecated arguments therefore gets
//! overloads: one without these arguments, and for each of them a marked one that requires it. For a call without these
//! arguments, pyright therefore reports errors of the first overload only.

use crate::generate::document::Member;

/// An argument that is a field or a parameter of the API.
pub(super) struct Argument {
    pub(super) name: String,
    pub(super) python_type: String,
    /// The default. An argument without one is required.
    pub(super) default: Option<&'static str>,
    /// What to use instead, if the argument is deprecated.
    pub(super) note: Option<String>,
}

impl Argument {
    /// Returns the argument of a field. `others` are the types besides that of the field.
    pub(super) fn of(member: &Member, others: &str, default: Option<&'static str>) -> Self {
        Self {
            name: member.field.clone(),
            python_type: format!("{}{others}", member.field_type.python_input()),
            default,
            note: member.deprecated.clone(),
        }
    }

    fn line(&self) -> String {
        self.default.map_or_else(|| self.required(), |default| self.line_with(&format!(" = {default}")))
    }

    fn required(&self) -> String {
        self.line_with("")
    }

    fn line_with(&self, default: &str) -> String {
        format!("        {}: {}{default},\n", self.name, self.python_type)
    }

    /// Returns what to use instead, if a call can omit the argument.
    fn avoidable(&self) -> Option<&str> {
        self.note.as_deref().filter(|_| self.default.is_some())
    }
}

/// Returns the lines of arguments in a signature.
pub(super) fn lines(arguments: &[Argument]) -> String {
    arguments.iter().map(Argument::line).collect()
}

/// Returns whether a function needs overloads.
pub(super) fn is_any(arguments: &[Argument]) -> bool {
    arguments.iter().any(|argument| argument.avoidable().is_some())
}

/// Returns the decorator of a deprecated function.
pub(super) fn mark(indent: &str, note: Option<&str>) -> String {
    note.map_or_else(String::new, |note| format!("{indent}@deprecated({note:?})\n"))
}

/// Returns the overloads of a function, each after a line break. `head` is the signature before the arguments, and `tail` what
/// follows. `note` belongs to the function.
pub(super) fn overloads(head: &str, arguments: &[Argument], tail: &str, note: Option<&str>) -> String {
    let overload =
        |note: Option<&str>, lines: String| format!("\n    @overload\n{}    {head}{lines}{tail}", mark("    ", note));
    let current = arguments.iter().filter(|it| it.avoidable().is_none()).map(Argument::line).collect();
    let mut out = overload(note, current);
    for (index, deprecated) in arguments.iter().enumerate() {
        let Some(note) = deprecated.avoidable() else { continue };
        let lines = arguments.iter().enumerate().map(|(at, it)| if at == index { it.required() } else { it.line() });
        let note = format!("`{}` is deprecated: {note}", deprecated.name);
        out.push_str(&overload(Some(&note), lines.collect()));
    }
    out
}

/// Returns the statements that warn if a deprecated function or argument is used.
pub(super) fn warnings(function: &str, note: Option<&str>, arguments: &[Argument]) -> String {
    let of_function = note.map(|note| format!("        warn_deprecated({function:?}, {note:?})\n"));
    let of_argument = |it: &Argument| {
        let (name, default, note) = (&it.name, it.default?, it.note.as_deref()?);
        Some(format!("        if {name} is not {default}:\n            warn_deprecated({name:?}, {note:?})\n"))
    };
    of_function.into_iter().chain(arguments.iter().filter_map(of_argument)).collect()
}

/// Returns the import of the names that the code uses.
pub(super) fn import(code: &str) -> String {
    let calls = [("deprecated", "@deprecated("), ("warn_deprecated", " warn_deprecated(")];
    let names: Vec<_> = calls.iter().filter(|(_, call)| code.contains(call)).map(|(name, _)| *name).collect();
    if names.is_empty() { String::new() } else { format!("from ._deprecated import {}\n", names.join(", ")) }
}
