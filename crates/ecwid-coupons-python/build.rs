//! Tells the linker of macOS that what the extension takes from Python is there once it is loaded.

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
