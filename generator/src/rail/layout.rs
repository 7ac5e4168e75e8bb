//! Where the tracks of a yard or a line run: parallel, curved, drawn together by ladders, crossing over.

use crate::canvas::Place;
use crate::draw::Draw;
use crate::path::{Line, Path};
use crate::world::World;
use sidings::random::Random;

/// Tracks of one bundle.
pub(crate) struct Layout {
    pub path: Path,
    /// Tracks on which wagons may stand, with the stretch (from, to) that is clear of points.
    pub sidings: Vec<(Line, (f32, f32))>,
    /// Ladders, leads and crossovers, mostly empty.
    pub leads: Vec<Line>,
    /// Across, of the outermost tracks.
    pub reach: (f32, f32),
    /// Half the length that is drawn, m.
    pub half_m: f32,
    /// Wide gaps between neighbouring tracks: (middle, width) across.
    pub gaps: Vec<(f32, f32)>,
}

/// Slope of a ladder against its tracks: turnouts of 1:7 to 1:12.
const LADDER: (f32, f32) = (0.085, 0.15);

/// Room a wagon keeps from where two tracks come together, m.
const CLEAR_M: f32 = 24.0;

impl Layout {
    /// Lays out `tracks` tracks through about the middle of the scene.
    pub fn new(world: &mut World, tracks: usize) -> Self {
        let side = world.side_m();
        let half_m = 0.78 * side;
        let r = &mut world.random;
        let radius_m = if r.chance(0.5) {
            f32::INFINITY
        } else {
            let bend = if tracks < 8 { r.span(160.0, 900.0) } else { r.span(350.0, 1600.0) };
            if r.chance(0.5) { bend } else { -bend }
        };
        let origin = Place::new(
            side / 2.0 + r.spread(side * 0.14),
            side / 2.0 + r.spread(side * 0.14),
            r.span(0.0, std::f32::consts::TAU),
        );
        let path = Path { origin, radius_m };
        let (across, gaps) = spacing(r, tracks);
        let reach = (across[0], across[tracks - 1]);
        let mut layout = Self { path, sidings: Vec::new(), leads: Vec::new(), reach, half_m, gaps };
        layout.lay(r, &across);
        layout
    }

    fn lay(&mut self, r: &mut Random, across: &[f32]) {
        let half = self.half_m;
        let fan = across.len() >= 4 && r.chance(0.42);
        let (mut starts, mut ends) = (vec![-half; across.len()], vec![half; across.len()]);
        if fan {
            let tan = r.span(LADDER.0, LADDER.1);
            let two_sided = across.len() > 9 && r.chance(0.5);
            let middle = across[across.len() / 2];
            let farthest = if two_sided { self.reach.1 - middle } else { self.reach.1 - across[0] };
            let tip = r.span(-0.7, 0.45) * half - farthest / tan * r.span(0.4, 1.0);
            for (k, &v) in across.iter().enumerate() {
                let reach = if two_sided { (v - middle).abs() } else { v - across[0] };
                starts[k] = tip + reach / tan;
                if starts[k] < half - 30.0 {
                    continue;
                }
                ends[k] = starts[k];
            }
            let (low, high) = (across[0], across[across.len() - 1]);
            let mut ladder = |to: f32, from: f32| {
                let length = (to - from).abs() / tan;
                self.leads.push(Line { knots: vec![(tip, from), (tip + length, to)], straight: true });
            };
            if two_sided {
                ladder(high, middle);
                ladder(low, middle);
                self.leads.extend((tip > -half).then(|| Line::beside(middle, -half, tip)));
            } else {
                ladder(high, low);
                self.leads.extend((tip > -half).then(|| Line::beside(low, -half, tip)));
            }
            for _ in 0..r.count(0, 2) {
                self.leads.push(Line::beside(low - r.span(4.5, 12.0), -half, half));
            }
        }
        for _ in 0..if r.chance(0.5) { r.count(0, 5) } else { 0 } {
            let (k, u) = (r.below(across.len()), r.span(-half, half * 0.7));
            let to = (k + r.count(1, 2)).min(across.len() - 1);
            let length = (across[to] - across[k]).abs() / r.span(0.06, 0.12);
            self.leads.push(Line { knots: vec![(u, across[k]), (u + length.max(20.0), across[to])], straight: false });
        }
        for ((&v, from), to) in across.iter().zip(starts).zip(ends) {
            if to - from > 25.0 {
                let clear = if fan { from + CLEAR_M } else { from };
                self.sidings.push((Line::beside(v, from, to), (clear, to)));
            }
        }
    }

    /// All tracks.
    pub fn lines(&self) -> Vec<Line> {
        self.sidings.iter().map(|(line, _)| line.clone()).chain(self.leads.iter().cloned()).collect()
    }

    /// Keeps everything else off the tracks.
    pub fn claim(&self, world: &mut World, margin_m: f32) {
        for line in self.lines() {
            let (pieces, step) = line.pieces(&self.path, 8.0);
            for at in pieces {
                world.take_for_rails(at, step, 5.0 + 2.0 * margin_m);
            }
        }
    }
}

/// Distances of the tracks: 4.5 to 5.3 m, with wider gaps here and there.
fn spacing(r: &mut Random, tracks: usize) -> (Vec<f32>, Vec<(f32, f32)>) {
    let usual = r.span(4.4, 5.3);
    let wide = r.span(0.03, 0.2);
    let (mut v, mut across, mut gaps) = (0.0, vec![0.0], Vec::new());
    for _ in 1..tracks {
        let gap = if r.chance(f64::from(wide)) { r.span(6.0, 17.0) } else { usual + r.spread(0.05) };
        if gap > 8.0 {
            gaps.push((v + gap / 2.0, gap));
        }
        v += gap;
        across.push(v);
    }
    let middle = v / 2.0;
    (across.iter().map(|a| a - middle).collect(), gaps.iter().map(|g| (g.0 - middle, g.1)).collect())
}
