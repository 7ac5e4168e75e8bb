//! What the network said, kept where it was seen: sparse blocks of canonical cells, one set of blocks a direction.

use super::frame::Frame;
use super::glance::Glance;
use super::network::{self, Answer};
use crate::geometry::Point;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Cells of 1 m² along one side of a block.
pub(super) const BLOCK: usize = 16;

/// Log-odds are kept in steps of 1/16 within ±7.9: finer than they are trusted, and a sixteenth of the memory of all six outputs in f32.
const STEPS: f32 = 16.0;

/// Marks a cell that lies outside the image or on nodata.
const UNKNOWN: i8 = i8::MIN;

/// Log-odds at a point of the image.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Reading {
    /// That a car's middle is here.
    pub centre: f32,
    /// That a car covers the point.
    pub body: f32,
    /// That a car ends here.
    pub end: f32,
}

/// One stored cell.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cell {
    centre: i8,
    body: i8,
    end: i8,
}

/// Cells side by side, row by row.
type Block = [Cell; BLOCK * BLOCK];

/// The blocks seen under one direction.
#[derive(Serialize, Deserialize)]
pub(super) struct View {
    /// Where its cells lie.
    pub frame: Frame,
    #[serde(with = "written")]
    blocks: BTreeMap<(i32, i32), Box<Block>>,
}

impl View {
    /// No blocks yet.
    pub fn new(frame: Frame) -> Self {
        Self { frame, blocks: BTreeMap::new() }
    }

    /// Keeps one block; `answer` gives the network's answer for a cell of it, `None` where the image holds no measurement.
    pub fn put(&mut self, block: (i32, i32), mut answer: impl FnMut(usize, usize) -> Option<Answer>) {
        let quantise = |v: f32| (v * STEPS).clamp(-127.0, 127.0) as i8;
        let cells = std::array::from_fn(|i| match answer(i % BLOCK, i / BLOCK) {
            Some(a) => {
                Cell { centre: quantise(a[network::CENTRE]), body: quantise(a[network::BODY]), end: quantise(a[network::END]) }
            }
            None => Cell { centre: UNKNOWN, body: UNKNOWN, end: UNKNOWN },
        });
        self.blocks.insert(block, Box::new(cells));
    }

    /// Whether a block was kept already.
    pub fn holds(&self, block: (i32, i32)) -> bool {
        self.blocks.contains_key(&block)
    }

    /// Keys of the blocks, in order.
    pub fn blocks(&self) -> impl Iterator<Item = (i32, i32)> + '_ {
        self.blocks.keys().copied()
    }

    /// The cell (column, row) of the canonical plane; `None` where nothing was seen. `held` keeps the block that was asked last: neighbours mostly lie in
    /// the same one, and looking it up takes longer than all the rest.
    fn cell<'a>(&'a self, held: &mut Option<((i32, i32), Option<&'a Block>)>, column: i32, row: i32) -> Option<Cell> {
        let side = BLOCK as i32;
        let key = (column.div_euclid(side), row.div_euclid(side));
        let block = match *held {
            Some((last, block)) if last == key => block,
            _ => held.insert((key, self.blocks.get(&key).map(|block| &**block))).1,
        };
        let cell = block?[row.rem_euclid(side) as usize * BLOCK + column.rem_euclid(side) as usize];
        (cell.body != UNKNOWN).then_some(cell)
    }

    /// Log-odds at canonical (u, v) in metres, bilinear over the cells that were seen; `None` when the nearest was not.
    pub fn read(&self, u: f64, v: f64) -> Option<Reading> {
        let (fu, fv) = (u - 0.5, v - 0.5);
        let (u0, v0) = (fu.floor(), fv.floor());
        let (au, av) = ((fu - u0) as f32, (fv - v0) as f32);
        let (u0, v0) = (u0 as i32, v0 as i32);
        let nearest = (u0 + i32::from(au >= 0.5), v0 + i32::from(av >= 0.5));
        let mut held = None;
        self.cell(&mut held, nearest.0, nearest.1)?;
        let mut sum = Reading::default();
        let mut total = 0.0;
        for (du, dv, weight) in
            [(0, 0, (1.0 - au) * (1.0 - av)), (1, 0, au * (1.0 - av)), (0, 1, (1.0 - au) * av), (1, 1, au * av)]
        {
            if let Some(cell) = self.cell(&mut held, u0 + du, v0 + dv) {
                sum.centre += weight * f32::from(cell.centre);
                sum.body += weight * f32::from(cell.body);
                sum.end += weight * f32::from(cell.end);
                total += weight;
            }
        }
        let scale = 1.0 / (total * STEPS);
        Some(Reading { centre: sum.centre * scale, body: sum.body * scale, end: sum.end * scale })
    }
}

/// Blocks as they travel from one worker to another: three numbers a cell.
mod written {
    use super::{BLOCK, BTreeMap, Block, Cell};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    type Blocks = BTreeMap<(i32, i32), Box<Block>>;

    pub fn serialize<S: Serializer>(blocks: &Blocks, serializer: S) -> Result<S::Ok, S::Error> {
        let numbers = |block: &Block| block.iter().flat_map(|cell| [cell.centre, cell.body, cell.end]).collect::<Vec<i8>>();
        blocks.iter().map(|(key, block)| (*key, numbers(block))).collect::<Vec<_>>().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Blocks, D::Error> {
        let block = |(key, numbers): ((i32, i32), Vec<i8>)| {
            let cells = numbers.chunks_exact(3).map(|n| Cell { centre: n[0], body: n[1], end: n[2] }).collect::<Box<[Cell]>>();
            let block = cells.try_into().map_err(|_| D::Error::custom(format!("a block has {BLOCK} × {BLOCK} cells")))?;
            Ok((key, block))
        };
        Vec::deserialize(deserializer)?.into_iter().map(block).collect()
    }
}

/// Everything the network said of one image.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Views {
    /// The direction with the most energy first.
    pub views: Vec<View>,
    /// Where a car may stand at all, and m a pixel of the image; `None`: nothing was looked at.
    pub glance: Option<(Glance, f64)>,
    /// True when the shadows fall elsewhere than the sun was said to let them fall.
    pub sun_contradicted: bool,
}

impl Views {
    /// Log-odds at a point of the image, taken from the view whose direction is nearest to `heading_rad` among those that saw it. Where none
    /// did because the first look found the place bare, bare it is, and where it found so beside a car it is doubted; `None` where nobody looked.
    pub fn read(&self, p: Point, heading_rad: f64) -> Option<Reading> {
        let mut best: Option<(f64, Reading)> = None;
        for view in &self.views {
            let off = view.frame.off_axis_rad(heading_rad);
            if off > MAX_OFF_AXIS_RAD || best.is_some_and(|(b, _)| off >= b) {
                continue;
            }
            let (u, v) = view.frame.to_canonical(p);
            if let Some(reading) = view.read(u, v) {
                best = Some((off, reading));
            }
        }
        self.doubted(p, best.map(|(_, reading)| reading))
    }

    /// [`Self::read`] for many points with one heading: the views are put in order once.
    pub fn reader(&self, heading_rad: f64) -> impl Fn(Point) -> Option<Reading> {
        let off = |view: &View| view.frame.off_axis_rad(heading_rad);
        let mut views: Vec<&View> = self.views.iter().filter(|view| off(view) <= MAX_OFF_AXIS_RAD).collect();
        views.sort_by(|a, b| off(a).total_cmp(&off(b)));
        move |p| {
            let read = |view: &&View| {
                let (u, v) = view.frame.to_canonical(p);
                view.read(u, v)
            };
            self.doubted(p, views.iter().find_map(read))
        }
    }

    /// What the close look says, once the first look was heard.
    fn doubted(&self, p: Point, reading: Option<Reading>) -> Option<Reading> {
        let bare = self.glance.as_ref().is_some_and(|(glance, gsd_m)| glance.is_bare(p, *gsd_m));
        let told = |r: Reading| if bare { Reading { centre: r.centre - DOUBT, body: r.body - DOUBT, ..r } } else { r };
        reading.map(told).or_else(|| bare.then_some(BARE))
    }

    /// +1 where shadows fall to the right of the heading, -1 to the left, as the view nearest in direction has it.
    pub fn shadow_side(&self, heading_rad: f64) -> f64 {
        let nearest =
            self.views.iter().min_by(|a, b| a.frame.off_axis_rad(heading_rad).total_cmp(&b.frame.off_axis_rad(heading_rad)));
        let Some(View { frame, .. }) = nearest else { return 1.0 };
        let along = libm::cos(frame.angle_rad - heading_rad);
        if (along > 0.0) != frame.mirrored { 1.0 } else { -1.0 }
    }
}

/// Taken from the log-odds of a place that the first look found bare: two networks that see the ground at different scales seldom err alike.
/// Of railcars seen where none stand it leaves a third (24 to 10 in six real places, 143 to 3 in drawn fields), of the real yard's all; twice as much
/// costs a twentieth of those in crowded drawn yards.
const DOUBT: f32 = 2.0;

/// What the network says of bare ground.
const BARE: Reading = Reading { centre: -4.0, body: -4.0, end: -4.0 };

/// A view says nothing of cars that stand farther than this from its axis: the network has not been shown any.
const MAX_OFF_AXIS_RAD: f64 = 20.0 * std::f64::consts::PI / 180.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_are_bilinear_and_cross_blocks() {
        let mut view = View::new(Frame::new(0.0, false, 1.0));
        for block in [(-1, 0), (0, 0)] {
            view.put(block, |x, _| Some([0.0, (block.0 * 16 + x as i32) as f32 * 0.25, -1.0, 0.0, 0.0, 0.0]));
        }
        assert_eq!(view.read(0.5, 5.5).expect("seen").body, 0.0);
        assert_eq!(view.read(-0.5, 5.5).expect("seen").body, -0.25);
        assert_eq!(view.read(0.0, 5.5).expect("seen").body, -0.125);
        assert!(view.read(0.5, -3.0).is_none(), "nothing was put there");
    }

    #[test]
    fn shadows_fall_toward_v() {
        for (mirrored, right) in [(false, 1.0), (true, -1.0)] {
            let views = Views { views: vec![View::new(Frame::new(0.3, mirrored, 1.0))], ..Views::default() };
            assert_eq!(views.shadow_side(0.35), right);
            assert_eq!(views.shadow_side(0.35 + std::f64::consts::PI), -right, "the other way round");
        }
    }

    #[test]
    fn the_nearest_direction_is_asked() {
        let said = |body: f32| move |_: usize, _: usize| Some([0.0, body, 0.0, 0.0, 0.0, 0.0]);
        let mut level = View::new(Frame::new(0.0, false, 1.0));
        level.put((0, 0), said(1.0));
        let mut tilted = View::new(Frame::new(0.2, false, 1.0));
        tilted.put((0, 0), said(2.0));
        let views = Views { views: vec![level, tilted], ..Views::default() };
        let p = Point::new(6.0, 6.0);
        assert_eq!(views.read(p, 0.05).expect("seen").body, 1.0);
        assert_eq!(views.read(p, 3.3).expect("seen").body, 2.0);
        assert!(views.read(p, 1.5).is_none());
    }
}
