//! Reads the pictures and their truth.

use anyhow::{Context, Result, anyhow};
use serde_json::Value;
use sidings::geometry::{OrientedRect, Point, Transform};
use sidings::limits::Limits;
use sidings::raster::{Raster, Scene};
use std::path::{Path, PathBuf};

/// The folder of real data.
pub struct Folder(PathBuf);

/// A labelled railcar.
#[derive(Debug, Clone)]
pub struct Car {
    pub id: u64,
    pub rect_px: OrientedRect,
    /// False: the border cuts it, so that it counts neither as hit nor as miss.
    pub fully_inside: bool,
}

/// One image with its labels.
pub struct Yard {
    pub name: String,
    pub gsd_m: f64,
    pub scene: Scene,
    pub cars: Vec<Car>,
}

/// Two dates with their truth.
pub struct Pair {
    pub name: String,
    pub before: Yard,
    pub after: Yard,
    pub after_to_before: Transform,
    /// Ids of cars of *after*.
    pub new: Vec<u64>,
    /// Ids of cars of *before*.
    pub gone: Vec<u64>,
}

impl Pair {
    /// True when nothing changed between the dates.
    pub fn is_same(&self) -> bool {
        self.name.contains("-same-")
    }
}

impl Folder {
    /// `../shared/data` beside the checkout, if it is there.
    pub fn beside(root: &Path) -> Option<Self> {
        let folder = root.join("../shared/data");
        folder.is_dir().then_some(Self(folder))
    }

    /// A file or folder in it.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.0.join(inside)
    }

    /// All yards with labels, by name.
    pub fn yards(&self) -> Result<Vec<Yard>> {
        let yard = |folder: &PathBuf| {
            let truth = truth(folder)?;
            Ok(Yard {
                name: name(folder),
                gsd_m: number(&truth["gsd_m"])?,
                scene: scene(&folder.join("image.png"))?,
                cars: cars(&truth["railcars"])?,
            })
        };
        self.labelled("yards")?.iter().map(yard).collect()
    }

    /// All pairs with labels, by name.
    pub fn pairs(&self) -> Result<Vec<Pair>> {
        self.labelled("pairs")?.iter().map(|folder| pair(folder)).collect()
    }

    fn labelled(&self, inside: &str) -> Result<Vec<PathBuf>> {
        let entries = std::fs::read_dir(self.path(inside)).with_context(|| format!("reading {inside}"))?;
        let mut folders: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        folders.retain(|folder| folder.join("truth.json").is_file());
        folders.sort();
        Ok(folders)
    }
}

/// The synthetic yard as drawn from each seed: no real picture, but other suns, other tracks and other wagons.
pub fn drawn(seeds: std::ops::Range<u64>) -> Vec<Pair> {
    seeds.map(|seed| drawn_pair(seed, sidings::example::draw(seed))).collect()
}

fn drawn_pair(seed: u64, example: sidings::example::Example) -> Pair {
    use sidings::raster::Samples;
    let yard = |side: &str, scene: sidings::example::ExampleScene| Yard {
        name: format!("synthetic {seed} {side}"),
        gsd_m: scene.gsd_m,
        scene: Scene { samples: Samples::U8(scene.rgb), valid: None },
        cars: (0..).zip(scene.railcars).map(|(id, rect_px)| Car { id, rect_px, fully_inside: true }).collect(),
    };
    let (before, after) = (yard("before", example.before), yard("after", example.after));
    let stands_on = |car: &Car, others: &[Car], to_other: &dyn Fn(Point) -> Point| {
        let place = to_other(car.rect_px.center);
        others.iter().any(|other| place.distance(other.rect_px.center) < other.rect_px.width)
    };
    let to_before = |p| example.after_to_before.apply(p);
    let back = example.after_to_before.inverse().unwrap_or(Transform::IDENTITY);
    let to_after = |p| back.apply(p);
    let new = after.cars.iter().filter(|c| !stands_on(c, &before.cars, &to_before)).map(|c| c.id).collect();
    let gone = before.cars.iter().filter(|c| !stands_on(c, &after.cars, &to_after)).map(|c| c.id).collect();
    Pair { name: format!("synthetic-{seed}"), before, after, after_to_before: example.after_to_before, new, gone }
}

fn pair(folder: &Path) -> Result<Pair> {
    let truth = truth(folder)?;
    let yard = |side: &str| {
        Ok::<_, anyhow::Error>(Yard {
            name: format!("{} {side}", name(folder)),
            gsd_m: number(&truth[&format!("gsd_{side}_m")])?,
            scene: scene(&folder.join(format!("{side}.jpg")))?,
            cars: cars(&truth[side])?,
        })
    };
    let mut matrix = [[0.0; 3]; 3];
    for (i, row) in matrix.iter_mut().enumerate() {
        for (j, value) in row.iter_mut().enumerate() {
            *value = number(&truth["after_to_before"][i][j])?;
        }
    }
    let ids = |list: &str| Ok::<_, anyhow::Error>(cars(&truth[list])?.into_iter().map(|c| c.id).collect());
    Ok(Pair {
        name: name(folder),
        before: yard("before")?,
        after: yard("after")?,
        after_to_before: Transform(matrix),
        new: ids("new")?,
        gone: ids("gone")?,
    })
}

fn name(folder: &Path) -> String {
    folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

fn truth(folder: &Path) -> Result<Value> {
    let path = folder.join("truth.json");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

/// Decodes a picture as the product does.
pub fn scene(path: &Path) -> Result<Scene> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(sidings::decode::scene(&bytes, &path.display().to_string(), &Limits::default())?)
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().ok_or_else(|| anyhow!("the truth holds {value} where a number was expected"))
}

fn cars(list: &Value) -> Result<Vec<Car>> {
    let list = list.as_array().ok_or_else(|| anyhow!("the truth lacks a list of cars"))?;
    list.iter().map(car).collect()
}

fn car(value: &Value) -> Result<Car> {
    let corner = |k: usize| {
        let p = &value["polygon_px"][k];
        Ok::<_, anyhow::Error>(Point::new(number(&p[0])?, number(&p[1])?))
    };
    let (a, b, c, d) = (corner(0)?, corner(1)?, corner(2)?, corner(3)?);
    Ok(Car {
        id: value["id"].as_u64().ok_or_else(|| anyhow!("a car without an id"))?,
        rect_px: OrientedRect {
            center: Point::new((a.x + b.x + c.x + d.x) / 4.0, (a.y + b.y + c.y + d.y) / 4.0),
            length: a.distance(b),
            width: b.distance(c),
            angle_rad: (b.y - a.y).atan2(b.x - a.x),
        },
        fully_inside: value["fully_inside"].as_bool().unwrap_or(true),
    })
}

/// An ENVI file of unsigned bytes, band after band, of the given shape.
pub fn envi_bytes(path: &Path, (width, height, bands): (usize, usize, usize)) -> Result<Raster<f32>> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    let plane = width * height;
    if bytes.len() != plane * bands {
        return Err(anyhow!("{}: {} bytes, expected {}", path.display(), bytes.len(), plane * bands));
    }
    let samples = (0..plane).flat_map(|i| (0..bands).map(move |b| (i, b))).map(|(i, b)| f32::from(bytes[b * plane + i]));
    Raster::new(width, height, bands, samples.collect()).ok_or_else(|| anyhow!("{}: wrong shape", path.display()))
}

/// True where an 8-bit BMP, its rows from the bottom up, isn't the colour of most of it.
pub fn bmp_marks(path: &Path) -> Result<Raster<bool>> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    let word = |at: usize| bytes.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize);
    let (start, width, height) = (word(10), word(18), word(22));
    let (Some(start), Some(width), Some(height)) = (start, width, height) else {
        return Err(anyhow!("{}: too short for a BMP", path.display()));
    };
    let stride = width.div_ceil(4) * 4;
    let pixels = bytes.get(start..start + stride * height).ok_or_else(|| anyhow!("{}: truncated", path.display()))?;
    let mut histogram = [0usize; 256];
    pixels.iter().for_each(|&p| histogram[usize::from(p)] += 1);
    let ground = (0..256).max_by_key(|&v| histogram[v]).unwrap_or(0) as u8;
    Ok(Raster::from_fn(width, height, |x, y| pixels[(height - 1 - y) * stride + x] != ground))
}
