//! Tiles of *before* compared with *after* at every displacement within a radius.
//!
//! The value at a displacement is Z = Re Σ conj(F)·G / √(½ Σ |F|²·|G|²): how many standard deviations the agreement lies above what
//! randomly turned edges would give. No peak is picked here: a surface keeps all that a tile knows.

use super::fft::{Fft, Plane, good_side};
use super::orientation::{BORDER_PX, Extractor, Field};
use super::pyramid::{Pyramid, Window};
use crate::geometry::{Point, Transform};

/// Up to this longest side the two fields are computed in one piece; beyond, tile by tile, so that memory stays flat
/// and the cost depends on the number of tiles alone.
const WHOLE_SIDE_PX: f64 = 640.0;

/// Margin of a tile that is computed on its own: the border that the field loses, and room for its local mean.
const MARGIN_PX: usize = BORDER_PX + 6;

/// Share of a tile that must hold in both images.
const LEAST_VALID: f32 = 0.5;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layout {
    /// Working pixels per pixel of *before*.
    pub zoom: f64,
    /// Side of a tile, working px.
    pub tile_px: usize,
    /// Largest displacement on each axis, working px.
    pub radius_px: usize,
    /// About how many tiles; fewer where they would overlap by more than a quarter.
    pub tiles: usize,
    /// Least distance of tiles as a share of their side: 1 for tiles that share no pixel.
    pub spacing: f64,
    /// Only tiles of the checkerboard's even colour.
    pub even_only: bool,
}

/// The surfaces of all tiles that hold enough.
#[derive(Debug, Clone)]
pub(super) struct Surfaces {
    /// As asked for.
    pub layout: Layout,
    /// Distance of tiles, working px.
    pub step_px: usize,
    /// Middles of the tiles, working px.
    pub centres: Vec<Point>,
    /// Colour of the tile on a checkerboard.
    pub odd: Vec<bool>,
    /// `side()²` values a tile, row by row; the middle is no displacement.
    pub values: Vec<f32>,
}

impl Surfaces {
    /// Values along one axis of a surface.
    pub fn side(&self) -> usize {
        2 * self.layout.radius_px + 1
    }

    /// Number of tiles.
    pub fn len(&self) -> usize {
        self.centres.len()
    }

    /// The surface of one tile.
    pub fn of(&self, tile: usize) -> &[f32] {
        let n = self.side() * self.side();
        &self.values[tile * n..][..n]
    }

    /// How often a pixel is counted: 1 where tiles don't overlap.
    pub fn multiplicity(&self) -> f64 {
        let overlap = self.layout.tile_px as f64 / self.step_px as f64;
        (overlap * overlap).max(1.0)
    }
}

/// Computes surfaces, keeping buffers and the fields of *before*.
#[derive(Default)]
pub(super) struct Comparer {
    extractor: Extractor,
    window: Window,
    fields: Vec<(f64, Field)>,
    after: Field,
    tile_before: Field,
    fft: Vec<Fft>,
}

impl Comparer {
    /// The surfaces under `transform` (*after* to *before*); `None` when fewer than four tiles hold, two of one colour.
    pub fn surfaces(
        &mut self,
        before: &Pyramid<'_>,
        after: &Pyramid<'_>,
        transform: &Transform,
        layout: Layout,
    ) -> Option<Surfaces> {
        let to_after = Transform::similarity(1.0 / layout.zoom, 0.0, 0.0, 0.0).then(&transform.inverse()?);
        let size = [before.width(), before.height()].map(|s| (s as f64 * layout.zoom + 1e-6) as usize);
        let (corners, step) = tile_corners(before, after, transform, &layout, size)?;
        let whole = before.longest_side() * layout.zoom <= WHOLE_SIDE_PX;
        if whole {
            self.whole_fields(before, after, &to_after, layout.zoom, size);
        }
        let side = good_side(layout.tile_px + 2 * layout.radius_px);
        let plan = self.plan(side);
        let (mut work, mut energy) = (Plane::zero(side), Plane::zero(side));
        let mut out = Surfaces { layout, step_px: step, centres: Vec::new(), odd: Vec::new(), values: Vec::new() };
        for (x, y, odd) in corners.into_iter().filter(|(_, _, odd)| !(layout.even_only && *odd)) {
            let (f, g, origin) = if whole {
                let f = &self.fields.iter().find(|(z, _)| *z == layout.zoom)?.1;
                (f, &self.after, (x, y))
            } else {
                self.tile_fields(before, after, &to_after, &layout, (x, y));
                (&self.tile_before, &self.after, (MARGIN_PX + layout.radius_px, MARGIN_PX + layout.radius_px))
            };
            if shared(f, g, origin, layout.tile_px) < LEAST_VALID {
                continue;
            }
            correlate(&mut self.fft[plan], f, g, origin, &layout, (&mut work, &mut energy), &mut out.values);
            let half = layout.tile_px as f64 / 2.0;
            out.centres.push(Point::new(x as f64 + half, y as f64 + half));
            out.odd.push(odd);
        }
        (out.len() >= if layout.even_only { 2 } else { 4 }).then_some(out)
    }

    /// Does an image hold anything that could be compared?
    pub fn has_structure(&mut self, image: &Pyramid<'_>) -> bool {
        /// Longest side at which is looked: noise that fills an image is structure, a lone speck is not.
        const SIDE_PX: f64 = 128.0;
        /// Mean squared length of the field, which is near 0.3 in any picture.
        const LEAST_POWER: f32 = 1e-3;
        let zoom = (SIDE_PX / image.longest_side()).min(1.0);
        let (w, h) = ((image.width() as f64 * zoom) as usize, (image.height() as f64 * zoom) as usize);
        image.cut(&Transform::similarity(1.0 / zoom, 0.0, 0.0, 0.0), w, h, &mut self.window);
        self.extractor.field(&self.window, &mut self.after);
        let power: f32 = self.after.re.iter().zip(&self.after.im).map(|(a, b)| a * a + b * b).sum();
        power > LEAST_POWER * (w * h) as f32
    }

    fn plan(&mut self, side: usize) -> usize {
        self.fft.iter().position(|f| f.side() == side).unwrap_or_else(|| {
            self.fft.push(Fft::new(side));
            self.fft.len() - 1
        })
    }

    fn whole_fields(&mut self, before: &Pyramid<'_>, after: &Pyramid<'_>, to_after: &Transform, zoom: f64, [w, h]: [usize; 2]) {
        if !self.fields.iter().any(|(z, _)| *z == zoom) {
            let mut field = Field::default();
            before.cut(&Transform::similarity(1.0 / zoom, 0.0, 0.0, 0.0), w, h, &mut self.window);
            self.extractor.field(&self.window, &mut field);
            self.fields.push((zoom, field));
        }
        after.cut(to_after, w, h, &mut self.window);
        self.extractor.field(&self.window, &mut self.after);
    }

    /// The fields around one tile, both with room for the radius and the margin.
    fn tile_fields(
        &mut self,
        before: &Pyramid<'_>,
        after: &Pyramid<'_>,
        to_after: &Transform,
        layout: &Layout,
        (x, y): (usize, usize),
    ) {
        let pad = MARGIN_PX + layout.radius_px;
        let side = layout.tile_px + 2 * pad;
        let put = Transform::similarity(1.0, 0.0, x as f64 - pad as f64, y as f64 - pad as f64);
        before.cut(&put.then(&Transform::similarity(1.0 / layout.zoom, 0.0, 0.0, 0.0)), side, side, &mut self.window);
        self.extractor.field(&self.window, &mut self.tile_before);
        after.cut(&put.then(to_after), side, side, &mut self.window);
        self.extractor.field(&self.window, &mut self.after);
    }
}

/// Upper left corner of a tile, working px, and its colour on the checkerboard.
type Corner = (usize, usize, bool);

/// Upper left corners and checkerboard colours of tiles spread over what both images show, and their distance.
fn tile_corners(
    before: &Pyramid<'_>,
    after: &Pyramid<'_>,
    transform: &Transform,
    layout: &Layout,
    size: [usize; 2],
) -> Option<(Vec<Corner>, usize)> {
    let seen = after.corners().map(|c| transform.apply(c));
    let bound = |f: fn(&Point) -> f64, limit: usize| {
        let (low, high) = seen.iter().map(f).fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
        ((low * layout.zoom).clamp(0.0, limit as f64) as usize, (high * layout.zoom).clamp(0.0, limit as f64) as usize)
    };
    let (x, y) = (bound(|p| p.x, size[0]), bound(|p| p.y, size[1]));
    let (w, h) = (x.1 - x.0, y.1 - y.0);
    if w.min(h) < layout.tile_px {
        return None;
    }
    let share = super::candidates::overlap(before, after, transform)
        * (before.width() * before.height()) as f64
        * layout.zoom
        * layout.zoom;
    let area = ((w * h) as f64).min(share.max(1.0));
    let step = ((layout.tile_px as f64 * layout.spacing) as usize).max((area / layout.tiles as f64).sqrt() as usize).max(1);
    let starts = |from: usize, extent: usize| {
        let rest = (extent - layout.tile_px) % step;
        (from + rest / 2..=from + extent - layout.tile_px).step_by(step).collect::<Vec<_>>()
    };
    let (xs, ys) = (starts(x.0, w), starts(y.0, h));
    let rows = ys.iter().enumerate();
    let corners = rows.flat_map(|(j, y)| xs.iter().enumerate().map(move |(i, x)| (*x, *y, (i + j) % 2 == 1))).collect();
    Some((corners, step))
}

/// Share of a tile that holds in both fields; those computed tile by tile have the same origin in both.
fn shared(f: &Field, g: &Field, (x, y): (usize, usize), tile: usize) -> f32 {
    let mut sum = 0.0;
    for row in y..y + tile {
        let a = &f.valid[row * f.width + x..][..tile];
        let b = &g.valid[row * g.width + x..][..tile];
        sum += a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    }
    sum / (tile * tile) as f32
}

/// Appends the surface of one tile.
fn correlate(
    fft: &mut Fft,
    f: &Field,
    g: &Field,
    (x, y): (usize, usize),
    layout: &Layout,
    (work, energy): (&mut Plane, &mut Plane),
    values: &mut Vec<f32>,
) {
    let (side, tile, radius) = (fft.side(), layout.tile_px, layout.radius_px);
    let mut template = Plane::zero(side);
    work.clear();
    energy.clear();
    for row in 0..tile {
        let from = (y + row) * f.width + x;
        template.re[row * side..][..tile].copy_from_slice(&f.re[from..][..tile]);
        template.im[row * side..][..tile].copy_from_slice(&f.im[from..][..tile]);
    }
    let reach = tile + 2 * radius;
    for row in 0..reach {
        let Some(v) = (y + row).checked_sub(radius).filter(|v| *v < g.height) else { continue };
        let (first, last) = (radius.saturating_sub(x), reach.min((g.width + radius).saturating_sub(x)));
        if first >= last {
            continue;
        }
        let from = v * g.width + x + first - radius;
        work.re[row * side + first..row * side + last].copy_from_slice(&g.re[from..][..last - first]);
        work.im[row * side + first..row * side + last].copy_from_slice(&g.im[from..][..last - first]);
    }
    // Both energies are real: one transform takes them as the two parts of one plane.
    for i in 0..side * side {
        energy.re[i] = template.re[i] * template.re[i] + template.im[i] * template.im[i];
        energy.im[i] = work.re[i] * work.re[i] + work.im[i] * work.im[i];
    }
    fft.forward(&mut template);
    fft.forward(work);
    fft.forward(energy);
    combine(&template, energy, work, side);
    fft.inverse(work);
    append_normalised(work, side, 2 * radius + 1, values);
}

/// `work` ← the Hermitian part of conj(T)·G, which transforms back to the real part of the correlation, plus i times the spectrum of the
/// correlated energies, which transforms back to the imaginary part.
fn combine(template: &Plane, energy: &Plane, work: &mut Plane, side: usize) {
    let product = |w: &Plane, i: usize| {
        let (a, b, c, d) = (template.re[i], template.im[i], w.re[i], w.im[i]);
        (a * c + b * d, a * d - b * c)
    };
    let energies = |i: usize, j: usize| {
        // Even and odd parts of the spectrum of e + i·h: ê = (s(k) + conj s(−k))/2, ĥ = (s(k) − conj s(−k))/2i.
        let (er, ei) = (0.5 * (energy.re[i] + energy.re[j]), 0.5 * (energy.im[i] - energy.im[j]));
        let (hr, hi) = (0.5 * (energy.im[i] + energy.im[j]), 0.5 * (energy.re[j] - energy.re[i]));
        (er * hr + ei * hi, er * hi - ei * hr)
    };
    for v in 0..side {
        for u in 0..side {
            let (i, j) = (v * side + u, (side - v) % side * side + (side - u) % side);
            if j < i {
                continue;
            }
            let (p, q) = (product(work, i), product(work, j));
            let (nr, ni) = (0.5 * (p.0 + q.0), 0.5 * (p.1 - q.1));
            let (er, ei) = energies(i, j);
            // i·(er + i·ei) = −ei + i·er; at −k both are conjugated first.
            (work.re[i], work.im[i]) = (nr - ei, ni + er);
            (work.re[j], work.im[j]) = (nr + ei, er - ni);
        }
    }
}

fn append_normalised(work: &Plane, side: usize, count: usize, values: &mut Vec<f32>) {
    let mean: f32 = (0..count).map(|y| work.im[y * side..][..count].iter().sum::<f32>()).sum::<f32>() / (count * count) as f32;
    // A displacement that leaves the image loses energy; half the mean is the least it is held to, and one pixel's worth at all.
    for y in 0..count {
        let row = y * side..y * side + count;
        let both = work.re[row.clone()].iter().zip(&work.im[row]);
        values.extend(both.map(|(n, e)| n / (0.5 * e.max(0.5 * mean) + 1.0).sqrt()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::View;
    use super::*;
    use crate::raster::Raster;

    fn texture(width: usize, height: usize, dx: f64, dy: f64) -> Raster<u8> {
        let hash = |x: i64, y: i64| {
            let mut h = (x.wrapping_mul(374_761_393) ^ y.wrapping_mul(668_265_263)) as u64;
            h = (h ^ (h >> 13)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            ((h >> 40) & 255) as u8
        };
        let coarse = Raster::from_fn(width / 3 + 40, height / 3 + 40, |x, y| hash(x as i64, y as i64));
        Raster::from_fn(width, height, |x, y| {
            coarse.bilinear((x as f64 + 0.5 + dx) / 3.0 + 15.0, (y as f64 + 0.5 + dy) / 3.0 + 15.0, 0) as u8
        })
    }

    #[test]
    fn peaks_lie_where_the_content_went() {
        // Content of `before` at (x, y) lies in `after` at (x + 3, y - 2).
        let (before, after) = (texture(160, 140, 0.0, 0.0), texture(160, 140, -3.0, 2.0));
        let (b, a) = (Pyramid::new(View { luma: &before, valid: None }), Pyramid::new(View { luma: &after, valid: None }));
        for zoom in [1.0, 0.999] {
            let layout = Layout { zoom, tile_px: 32, radius_px: 6, tiles: 20, spacing: 1.0, even_only: false };
            let s = Comparer::default().surfaces(&b, &a, &Transform::IDENTITY, layout).expect("tiles");
            for tile in 0..s.len() {
                let surface = s.of(tile);
                let top = (0..surface.len()).max_by(|i, j| surface[*i].total_cmp(&surface[*j])).expect("values");
                assert_eq!((top % 13, top / 13), (9, 4), "tile {tile}");
                assert!(surface[top] > 8.0);
            }
        }
    }

    #[test]
    fn packed_transforms_equal_the_plain_sums() {
        let (before, after) = (texture(60, 60, 0.0, 0.0), texture(60, 60, 1.3, 0.4));
        let (b, a) = (Pyramid::new(View { luma: &before, valid: None }), Pyramid::new(View { luma: &after, valid: None }));
        let mut comparer = Comparer::default();
        let layout = Layout { zoom: 1.0, tile_px: 16, radius_px: 3, tiles: 9, spacing: 1.0, even_only: false };
        let s = comparer.surfaces(&b, &a, &Transform::IDENTITY, layout).expect("tiles");
        let (f, g) = (&comparer.fields[0].1, &comparer.after);
        let (x0, y0) = ((s.centres[4].x - 8.0) as usize, (s.centres[4].y - 8.0) as usize);
        let plain: Vec<(f32, f32)> = (0..49)
            .map(|k| {
                let (mut n, mut e) = (0.0, 0.0);
                for i in 0..256 {
                    let p = (y0 + i / 16) * 60 + x0 + i % 16;
                    let q = (y0 + i / 16 + k / 7 - 3) * 60 + x0 + i % 16 + k % 7 - 3;
                    n += f.re[p] * g.re[q] + f.im[p] * g.im[q];
                    e += (f.re[p] * f.re[p] + f.im[p] * f.im[p]) * (g.re[q] * g.re[q] + g.im[q] * g.im[q]);
                }
                (n, e)
            })
            .collect();
        let mean = plain.iter().map(|p| p.1).sum::<f32>() / 49.0;
        for (k, (n, e)) in plain.iter().enumerate() {
            let expected = n / (0.5 * e.max(0.5 * mean) + 1.0).sqrt();
            assert!((s.of(4)[k] - expected).abs() < 1e-3, "{k}: {} against {expected}", s.of(4)[k]);
        }
    }
}
