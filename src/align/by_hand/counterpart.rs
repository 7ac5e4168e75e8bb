//! The place in the other image that shows what a person pointed at.
//!
//! A tile around the point is compared with the other image around the prediction, by the same field of edges as the automatic
//! search, so that contrast and season don't matter. Coarse first where the prediction may be far off.

use crate::align::View;
use crate::align::orientation::{BORDER_PX, Extractor, Field};
use crate::align::pyramid::{Pyramid, Window};
use crate::align::tie_points::clear_peak;
use crate::geometry::{Point, Transform};
use serde::{Deserialize, Serialize};

/// Side of the compared tile, working px. Smaller has fewer edges than chance has peaks; larger looks past the place that was meant.
const TILE_PX: usize = 40;

/// Searched radius, working px.
const RADIUS_PX: usize = 10;

/// Room for the border that the field loses and for its local mean.
const MARGIN_PX: usize = BORDER_PX + 6;

/// A place in the other image.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Counterpart {
    /// In the other image's pixels.
    pub at: Point,
    /// How alike the two places are, 0 to 1: the normalised correlation of their edges.
    pub score: f64,
    /// Whether the place stands out among its neighbours; a person should look where it doesn't.
    pub clear: bool,
}

/// Looks in `to` for what lies at a point of `from`. `prediction` takes points of `from` to `to` and may be wrong by `reach_px`
/// pixels of `from`.
///
/// Where nothing stands out, the prediction itself comes back, marked as not clear. `None` when too little of either image lies there.
pub fn counterpart(from: View<'_>, to: View<'_>, at: Point, prediction: &Transform, reach_px: f64) -> Option<Counterpart> {
    let (from, to) = (Pyramid::new(from), Pyramid::new(to));
    let mut shrink = 1.0;
    while reach_px / shrink > RADIUS_PX as f64 - 1.0 {
        shrink *= 2.0;
    }
    let mut looker = Looker::default();
    let mut offset = Point::default();
    loop {
        let seen = looker.look(&from, &to, at, prediction, offset, shrink)?;
        let last = shrink <= 1.0;
        // What doesn't stand out is no reason to leave the prediction.
        if seen.clear {
            offset = Point::new(offset.x + seen.at.x * shrink, offset.y + seen.at.y * shrink);
        }
        if last {
            let place = prediction.apply(Point::new(at.x + offset.x, at.y + offset.y));
            return Some(Counterpart { at: place, ..seen });
        }
        shrink /= 2.0;
    }
}

#[derive(Default)]
struct Looker {
    extractor: Extractor,
    window: Window,
    from: Field,
    to: Field,
}

impl Looker {
    /// One comparison at a size; the displacement in working px.
    fn look(
        &mut self,
        from: &Pyramid<'_>,
        to: &Pyramid<'_>,
        at: Point,
        prediction: &Transform,
        offset: Point,
        shrink: f64,
    ) -> Option<Counterpart> {
        let pad = MARGIN_PX + RADIUS_PX;
        let side = TILE_PX + 2 * pad;
        let half = side as f64 / 2.0 * shrink;
        let around = |p: Point| Transform::similarity(shrink, 0.0, p.x - half, p.y - half);
        from.cut(&around(at), side, side, &mut self.window);
        self.extractor.field(&self.window, &mut self.from);
        let there = around(Point::new(at.x + offset.x, at.y + offset.y)).then(&linearised(prediction, at));
        to.cut(&there, side, side, &mut self.window);
        self.extractor.field(&self.window, &mut self.to);
        let (surface, alike) = self.surface(pad, side)?;
        let clear = clear_peak(&surface, RADIUS_PX);
        let (x, y) = clear.unwrap_or_default();
        let whole = |v: f64| (libm::round(v) + RADIUS_PX as f64) as usize;
        let index = whole(y) * (2 * RADIUS_PX + 1) + whole(x);
        let score = f64::from(alike.get(index).copied().unwrap_or(0.0).clamp(0.0, 1.0));
        Some(Counterpart { at: Point::new(x, y), score, clear: clear.is_some() })
    }

    /// At every displacement, how far the agreement stands above chance, and the normalised correlation.
    fn surface(&self, pad: usize, side: usize) -> Option<(Vec<f32>, Vec<f32>)> {
        /// Share of the tile that must hold in both.
        const LEAST_VALID: f32 = 0.5;
        let (f, g, row) = (&self.from, &self.to, 2 * RADIUS_PX + 1);
        let (mut surface, mut alike) = (Vec::with_capacity(row * row), Vec::with_capacity(row * row));
        let mut energies = Vec::with_capacity(row * row);
        for k in 0..row * row {
            let (dx, dy) = (k % row, k / row);
            let (mut n, mut e, mut ff, mut gg, mut shared) = (0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32);
            for y in 0..TILE_PX {
                let p = (pad + y) * side + pad;
                let q = (pad - RADIUS_PX + dy + y) * side + pad - RADIUS_PX + dx;
                for x in 0..TILE_PX {
                    let (a, b, c, d) = (f.re[p + x], f.im[p + x], g.re[q + x], g.im[q + x]);
                    let (one, other) = (a * a + b * b, c * c + d * d);
                    n += a * c + b * d;
                    e += one * other;
                    ff += one;
                    gg += other;
                    shared += f.valid[p + x] * g.valid[q + x];
                }
            }
            if k == row * row / 2 && shared < LEAST_VALID * (TILE_PX * TILE_PX) as f32 {
                return None;
            }
            surface.push(n);
            energies.push(e);
            alike.push(if ff > 0.0 && gg > 0.0 { n / (ff * gg).sqrt() } else { 0.0 });
        }
        let mean = energies.iter().sum::<f32>() / energies.len() as f32;
        surface.iter_mut().zip(&energies).for_each(|(n, e)| *n /= (0.5 * e.max(0.5 * mean) + 1.0).sqrt());
        Some((surface, alike))
    }
}

/// The affine map that agrees with a transform at and around a point: windows are cut by affine maps.
fn linearised(t: &Transform, at: Point) -> Transform {
    /// Half the side of the square over which slopes are taken, px: that of the tile.
    const REACH: f64 = 20.0;
    let p = |x: f64, y: f64| t.apply(Point::new(at.x + x, at.y + y));
    let (o, r, l, d, u) = (p(0.0, 0.0), p(REACH, 0.0), p(-REACH, 0.0), p(0.0, REACH), p(0.0, -REACH));
    let slope = |a: f64, b: f64| (a - b) / (2.0 * REACH);
    let (a, b, c, e) = (slope(r.x, l.x), slope(d.x, u.x), slope(r.y, l.y), slope(d.y, u.y));
    Transform([[a, b, o.x - a * at.x - b * at.y], [c, e, o.y - c * at.x - e * at.y], [0.0, 0.0, 1.0]])
}
