//! Runs [`ecwid_coupons_fuzz::response::check`] on the fuzzer's input.
#![cfg_attr(not(test), no_main)]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ecwid_coupons_fuzz::response::check(data));
