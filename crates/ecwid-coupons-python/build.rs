//! Lets the linker of macOS accept the undefined Python symbols of the extension.

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
