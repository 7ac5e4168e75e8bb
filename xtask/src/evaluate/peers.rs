//! What other people's programs say of the same cases. They live in an environment of their own below target/.

use super::data::Yard;
use super::railcars;
use super::registration::Said;
use super::warps::Case;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use sidings::geometry::{OrientedRect, Point, Transform};
use sidings::raster::Scene;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// From PyPI.
const PACKAGES: [&str; 2] = ["numpy==2.2.6", "opencv-python-headless==4.12.0.88"];

/// Answers of OpenCV's detectors, by name of the method.
pub fn opencv(root: &Path, cases: &[Case]) -> Result<Vec<(String, Vec<Said>)>> {
    let folder = root.join("target/evaluate/registration");
    std::fs::create_dir_all(&folder)?;
    for (k, case) in cases.iter().enumerate() {
        write(&case.before, &folder.join(format!("{k}-before.png")))?;
        write(&case.after, &folder.join(format!("{k}-after.png")))?;
    }
    let python = environment(root)?;
    let script = root.join("xtask/peers/registration.py");
    let output = Command::new(python).arg(script).arg(&folder).arg(cases.len().to_string()).output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    let answers: Value = serde_json::from_slice(&output.stdout).context("the answers of registration.py")?;
    let methods = answers.as_object().context("registration.py gives an object")?;
    methods.iter().map(|(name, list)| Ok((name.clone(), list.as_array().context("a list")?.iter().map(said).collect()))).collect()
}

fn said(answer: &Value) -> Said {
    let number = |i: usize, j: usize| answer["matrix"][i][j].as_f64();
    let row = |i: usize| Some([number(i, 0)?, number(i, 1)?, number(i, 2)?]);
    let transform = row(0).zip(row(1)).map(|(a, b)| Transform([a, b, [0.0, 0.0, 1.0]]));
    Said { transform, status: None, seconds: answer["seconds"].as_f64().unwrap_or(f64::NAN) }
}

/// Where the prototype's weights lie, beside the checkout as the pictures do.
const PROTOTYPE: &str = "../shared/prototypes/learned/weights-run5-f16.npz";

/// Width of the prototype's cars, of which it says nothing, m.
const PROTOTYPE_WIDTH_M: f64 = 2.9;

/// Railcars that the prototype sees.
pub fn prototype(root: &Path, yards: &[&Yard]) -> Result<Vec<railcars::Said>> {
    let weights = root.join(PROTOTYPE);
    if !weights.is_file() {
        bail!("{} is not there", weights.display());
    }
    let folder = root.join("target/evaluate/prototype");
    std::fs::create_dir_all(&folder)?;
    let mut cases = Vec::new();
    for (k, yard) in yards.iter().enumerate() {
        write(&yard.scene, &folder.join(format!("{k}.png")))?;
        cases.push(json!({"image": format!("{k}.png"), "gsd_m": yard.gsd_m}));
    }
    std::fs::write(folder.join("cases.json"), Value::from(cases).to_string())?;
    let script = root.join("xtask/peers/prototype.py");
    let mut command = Command::new(environment(root)?);
    let output = command.arg(script).arg(weights).arg(&folder).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("prototype.py failed");
    }
    let answers: Vec<Value> = serde_json::from_slice(&output.stdout).context("the answers of prototype.py")?;
    if answers.len() != yards.len() {
        bail!("prototype.py answered {} times", answers.len());
    }
    yards.iter().zip(&answers).map(|(yard, answer)| cars(answer, yard.gsd_m)).collect()
}

fn cars(answer: &Value, gsd_m: f64) -> Result<railcars::Said> {
    let rect = |car: &Value| {
        let number = |k: usize| car[k].as_f64().context("a car is four numbers");
        let center = Point::new(number(0)?, number(1)?);
        Ok(OrientedRect { center, length: number(2)?, width: PROTOTYPE_WIDTH_M / gsd_m, angle_rad: number(3)? })
    };
    let found = answer["cars"].as_array().context("a list of cars")?.iter().map(rect).collect::<Result<Vec<_>>>()?;
    Ok(railcars::Said { estimate: found.len() as f64, found: Some(found), interval: None })
}

/// RGBA, transparent where nothing is shown.
fn write(scene: &Scene, path: &Path) -> Result<()> {
    let rgb = scene.rgb8();
    let (width, height) = (rgb.width(), rgb.height());
    let seen = |x: usize, y: usize| scene.valid.as_ref().is_none_or(|valid| valid.at(x, y, 0));
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let bytes: Vec<u8> =
        pixels.flat_map(|(x, y)| [rgb.at(x, y, 0), rgb.at(x, y, 1), rgb.at(x, y, 2), if seen(x, y) { 255 } else { 0 }]).collect();
    image::save_buffer(path, &bytes, width as u32, height as u32, image::ExtendedColorType::Rgba8)?;
    Ok(())
}

/// The Python of an environment that holds [`PACKAGES`], made when it is missing.
fn environment(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/evaluate/python");
    let python = folder.join("bin/python");
    let has = |python: &Path| Command::new(python).args(["-c", "import cv2, numpy"]).output().is_ok_and(|o| o.status.success());
    if !has(&python) {
        println!("OpenCV is the peer: installing {} into {}", PACKAGES.join(", "), folder.display());
        let made = Command::new("python3").args(["-m", "venv"]).arg(&folder).status()?;
        let installed = Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES).status()?;
        if !made.success() || !installed.success() {
            bail!("it could not be installed");
        }
    }
    Ok(python)
}
