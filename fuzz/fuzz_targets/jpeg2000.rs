#![no_main]
sidings_fuzz::fuzz!("jpeg2000");
