//! Writes both dates of the synthetic example as PNG files into a folder: `cargo run --example draw_example -- out 1`.
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = std::path::PathBuf::from(arguments.next().unwrap_or_else(|| "out".into()));
    let seed = arguments.next().map_or(Ok(1), |s| s.parse())?;
    std::fs::create_dir_all(&folder)?;
    let example = sidings::example::draw(seed);
    for scene in [&example.before, &example.after] {
        std::fs::write(folder.join(scene.file_name), scene.png()?)?;
    }
    Ok(())
}
