//! Runs [`ecwid_coupons_fuzz::response::check`] on what the fuzzer thinks up.
#![cfg_attr(not(test), no_main)]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ecwid_coupons_fuzz::response::check(data));
