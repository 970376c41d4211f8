#![doc = include_str!("../README.md")]

mod code_pattern;

pub use code_pattern::{CodeError, CodeGenerator, CodePattern, ParsePatternError};
