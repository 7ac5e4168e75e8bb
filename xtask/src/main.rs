//! Every command the project has, in one place: `cargo xtask build|run|test|bench|check|evaluate`.
fn main() {
    eprintln!("usage: cargo xtask build|run|test|bench|check|evaluate");
    std::process::exit(2);
}
