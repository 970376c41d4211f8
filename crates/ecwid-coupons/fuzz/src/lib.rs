//! Checks that must hold for any bytes, and panic otherwise. The targets in `fuzz_targets` run them on the fuzzer's
//! input, and the tests run them on the seeds.

pub mod date;
pub mod decimal;
pub mod response;
pub mod response_fields;

/// Returns the bytes as text, if they are UTF-8.
fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    #[test]
    fn the_seeds_hold() {
        let targets: [(&str, fn(&[u8])); 4] = [
            ("response", super::response::check),
            ("date", super::date::check),
            ("decimal", super::decimal::check),
            ("response_fields", super::response_fields::check),
        ];
        for (target, check) in targets {
            let seeds = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target)).unwrap();
            let mut count = 0;
            for seed in seeds {
                check(&fs::read(seed.unwrap().path()).unwrap());
                count += 1;
            }
            assert!(count > 0, "{target} has no seeds");
        }
    }
}
