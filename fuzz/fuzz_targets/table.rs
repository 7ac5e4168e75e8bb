#![no_main]
sidings_fuzz::fuzz!("table");
