//! What a scene is made in: the canvas, the sun, the season and what ground is taken.

use crate::canvas::{Canvas, Place, Rgb};
use crate::draw::{Draw, stream};
use sidings::random::Random;

/// Time of year, as vegetation and ground show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Season {
    Summer,
    Dry,
    Autumn,
    Bare,
    Snow,
}

/// Where light comes from. The sun always stands within 45° of up (−y): scenes are turned as a whole at the end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sun {
    /// Unit vector on the ground toward the sun.
    pub toward: (f32, f32),
    /// Tangent of its height over the horizon.
    pub tangent: f32,
    /// Light left in full shadow, as a share: 0.03 in thin dry air, near 1 under overcast.
    pub sky: f32,
    /// Cast of the light in shadows.
    pub sky_tint: Rgb,
}

impl Sun {
    /// A sun: two thirds of all shadows nearly black, an eighth of all scenes overcast.
    pub fn new(random: &mut Random) -> Self {
        let azimuth = random.span(-0.785, 0.785);
        let elevation = random.span(17.0, 64.0).to_radians();
        let overcast = random.chance(0.12);
        let (dark, pale) = (random.span(0.05, 0.2), random.span(0.2, 0.5));
        let clear = if random.chance(0.62) { dark } else { pale };
        let sky = if overcast { random.span(0.7, 0.95) } else { clear };
        let blue = random.span(0.0, 1.0) * f32::from(u8::from(random.chance(0.7)));
        Self {
            toward: (libm::sinf(azimuth), -libm::cosf(azimuth)),
            tangent: libm::tanf(elevation),
            sky,
            sky_tint: [1.0 - 0.2 * blue, 1.0 - 0.06 * blue, 1.0 + 0.08 * blue],
        }
    }

    /// Brightness of a sloping surface against level ground; (x, y) is the downhill direction times its slope.
    pub fn on_slope(&self, (x, y): (f32, f32)) -> f32 {
        let cosine = (self.tangent + x * self.toward.0 + y * self.toward.1) / (self.tangent * (1.0 + x * x + y * y).sqrt());
        let light = self.sky + (1.0 - self.sky) * cosine.clamp(0.0, 2.2);
        // Displays compress: half the light is not half the value.
        light.max(0.05).sqrt().clamp(0.3, 1.4)
    }

    /// The same for a surface that slopes down to the right of a place, by `slope`; negative: to the left.
    pub fn across(&self, at: Place, slope: f32) -> f32 {
        self.on_slope((-at.sin * slope, at.cos * slope))
    }

    /// The same for a surface that slopes down along a place.
    pub fn along(&self, at: Place, slope: f32) -> f32 {
        self.on_slope((at.cos * slope, at.sin * slope))
    }
}

/// A thin thing high up, such as the beam of a gantry or a wire: seen, and casting a thin shadow, but no wall.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beam {
    pub from: (f32, f32),
    pub to: (f32, f32),
    pub width_m: f32,
    pub height_m: f32,
    pub rgb: Rgb,
    /// Share of the light that it stops: lattices let some through.
    pub dense: f32,
}

/// Side of the cells in which taken ground is kept, m.
const TAKEN_M: f32 = 1.0;

/// Who has a cell of ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ground {
    Free,
    Taken,
    Rails,
}

/// A scene in the making.
pub(crate) struct World {
    pub canvas: Canvas,
    /// Draws of the place: ground, tracks, buildings.
    pub random: Random,
    pub sun: Sun,
    pub season: Season,
    /// Colour of the snow on roofs and ground, if any lies.
    pub snow: Option<Rgb>,
    pub beams: Vec<Beam>,
    /// Free, taken by anything, or by rails.
    taken: Vec<Ground>,
    taken_side: usize,
}

impl World {
    /// Bare ground under a sun; `site` and `view` seed the place and its look.
    pub fn new(side: usize, cell_m: f32, site: u64, view: u64) -> Self {
        let canvas = Canvas::new(side, cell_m);
        let taken_side = (canvas.side_m() / TAKEN_M) as usize + 1;
        let mut look = stream(view, 1);
        let sun = Sun::new(&mut look);
        let kinds = [Season::Summer, Season::Dry, Season::Autumn, Season::Bare, Season::Snow];
        let season = kinds[look.weighted(&[0.42, 0.2, 0.14, 0.16, 0.08])];
        let snow = (season == Season::Snow).then(|| crate::palette::snow(&mut look));
        Self {
            canvas,
            random: stream(site, 2),
            sun,
            season,
            snow,
            beams: Vec::new(),
            taken: vec![Ground::Free; taken_side * taken_side],
            taken_side,
        }
    }

    /// Length of a side, m.
    pub fn side_m(&self) -> f32 {
        self.canvas.side_m()
    }

    /// A point on the ground, up to `beyond_m` outside.
    pub fn anywhere(&mut self, beyond_m: f32) -> (f32, f32) {
        let side = self.side_m();
        (self.random.span(-beyond_m, side + beyond_m), self.random.span(-beyond_m, side + beyond_m))
    }

    fn lattice(&self, at: Place, length_m: f32, width_m: f32) -> impl Iterator<Item = Option<usize>> {
        let (n, m) = ((length_m / TAKEN_M) as i32 + 1, (width_m / TAKEN_M) as i32 + 1);
        let side = self.taken_side;
        (0..=n * m + n + m).map(move |k| {
            let (i, j) = (k % (n + 1), k / (n + 1));
            let p = at.moved((i as f32 / n as f32 - 0.5) * length_m, (j as f32 / m as f32 - 0.5) * width_m);
            let (x, y) = (p.x / TAKEN_M, p.y / TAKEN_M);
            (x >= 0.0 && y >= 0.0 && (x as usize) < side && (y as usize) < side).then(|| y as usize * side + x as usize)
        })
    }

    /// Marks ground as taken.
    pub fn take(&mut self, at: Place, length_m: f32, width_m: f32) {
        for k in self.lattice(at, length_m, width_m).flatten().collect::<Vec<_>>() {
            self.taken[k] = self.taken[k].max(Ground::Taken);
        }
    }

    /// Marks ground as a railway's.
    pub fn take_for_rails(&mut self, at: Place, length_m: f32, width_m: f32) {
        for k in self.lattice(at, length_m, width_m).flatten().collect::<Vec<_>>() {
            self.taken[k] = Ground::Rails;
        }
    }

    /// True when rails have none of this ground.
    pub fn is_clear_of_rails(&self, at: Place, length_m: f32, width_m: f32) -> bool {
        self.lattice(at, length_m, width_m).flatten().all(|k| self.taken[k] != Ground::Rails)
    }

    /// True when nothing has taken any of this ground.
    pub fn is_free(&self, at: Place, length_m: f32, width_m: f32) -> bool {
        self.lattice(at, length_m, width_m).flatten().all(|k| self.taken[k] == Ground::Free)
    }

    /// Takes the ground if it is free.
    pub fn claim(&mut self, at: Place, length_m: f32, width_m: f32) -> bool {
        let free = self.is_free(at, length_m, width_m);
        if free {
            self.take(at, length_m, width_m);
        }
        free
    }

    /// A roof's colour, under snow if some lies there.
    pub fn roofed(&mut self, rgb: Rgb) -> Rgb {
        let share = self.random.span(0.3, 1.1).min(1.0);
        match self.snow {
            Some(snow) => crate::palette::covered(rgb, snow, share),
            None => rgb,
        }
    }
}
