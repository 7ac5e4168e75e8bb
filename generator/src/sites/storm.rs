//! What a tornado leaves of a quarter: debris, bare slabs, blue tarpaulins, trees without leaves.

use crate::canvas::{Place, lit};
use crate::draw::Draw;
use crate::palette;
use crate::world::World;

/// Strews debris over a band of the scene; houses stand in it as they did, in part.
pub(crate) fn strew(world: &mut World) {
    let side = world.side_m();
    let r = &mut world.random;
    let band = Place::new(side / 2.0 + r.spread(40.0), side / 2.0 + r.spread(40.0), r.span(0.0, std::f32::consts::TAU));
    let wide = r.span(40.0, 220.0);
    let pieces = (r.span(0.03, 0.32) * wide * side) as usize;
    for _ in 0..pieces {
        let r = &mut world.random;
        let at = band.moved(r.span(-0.75, 0.75) * side, r.spread(wide / 3.0));
        let at = Place::new(at.x, at.y, r.span(0.0, 3.1));
        let large = r.chance(0.05);
        let (l, w) = if large { (r.span(2.0, 7.0), r.span(1.0, 3.5)) } else { (r.span(0.3, 2.4), r.span(0.2, 1.1)) };
        let (rgb, height) = (palette::clutter(r), r.span(0.1, 1.2));
        world.canvas.block(at, l, w, |_, _, cell| cell.set(rgb, height.max(cell.height_m.min(3.0))));
    }
    for _ in 0..world.random.count(0, 14) {
        let r = &mut world.random;
        let at = band.moved(r.span(-0.6, 0.6) * side, r.spread(wide / 2.0));
        let at = if r.chance(0.6) { at } else { at.turned(r.span(0.0, 3.1)) };
        let (l, w, tone) = (r.span(3.0, 13.0), r.span(3.0, 9.0), r.span(0.8, 1.2));
        world.canvas.block(at, l, w, |_, _, cell| cell.rgb = lit([0.15, 0.33, 0.72], tone));
    }
}
