//! Two-dimensional Fourier transforms of small squares, the same to the last bit on every machine.
//!
//! A transform here is a fixed sequence of single additions and multiplications (Stockham passes of radix 4, 3 and 2), with
//! twiddle factors from `libm`. Planned libraries choose other orders and fused instructions on other processors; near a
//! decision that would give one answer on the command line and another in the browser. Every pass runs over whole rows at
//! once, so the inner loop is contiguous and the compiler turns it into SIMD by itself, in wasm too.

/// A square of complex numbers, real and imaginary parts apart, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plane {
    /// Real parts.
    pub re: Vec<f32>,
    /// Imaginary parts.
    pub im: Vec<f32>,
}

impl Plane {
    /// All zero.
    pub fn zero(side: usize) -> Self {
        Self { re: vec![0.0; side * side], im: vec![0.0; side * side] }
    }

    /// Sets every number to zero.
    pub fn clear(&mut self) {
        self.re.fill(0.0);
        self.im.fill(0.0);
    }
}

/// One Stockham pass: its radix and the powers of its root of unity, `radix - 1` for every position.
#[derive(Debug)]
struct Pass {
    radix: usize,
    roots: Vec<(f32, f32)>,
}

/// A plan for squares of one side.
#[derive(Debug)]
pub(super) struct Fft {
    side: usize,
    passes: Vec<Pass>,
    spare: Plane,
}

/// The smallest side ≥ `least` that is a product of twos and at most two threes.
pub(super) fn good_side(least: usize) -> usize {
    (least.max(4)..).find(|&n| has_plan(n)).unwrap_or(least)
}

fn has_plan(n: usize) -> bool {
    let odd = n >> n.trailing_zeros();
    matches!(odd, 1 | 3 | 9) && n >= 4
}

impl Fft {
    /// A plan; `side` must come from [`good_side`].
    pub fn new(side: usize) -> Self {
        debug_assert!(has_plan(side));
        let (mut left, mut passes) = (side, Vec::new());
        while left > 1 {
            let radix = [4, 3, 2].into_iter().find(|r| left.is_multiple_of(*r)).unwrap_or(left);
            passes.push(Pass { radix, roots: roots(left, radix) });
            left /= radix;
        }
        Self { side, passes, spare: Plane::zero(side) }
    }

    /// Side of the squares.
    pub fn side(&self) -> usize {
        self.side
    }

    /// The unscaled transform; the spectrum comes out transposed (column frequency by rows).
    pub fn forward(&mut self, plane: &mut Plane) {
        self.both_axes(&mut plane.re, &mut plane.im);
    }

    /// The way back from a transposed spectrum, scaled so that it undoes [`Fft::forward`].
    pub fn inverse(&mut self, plane: &mut Plane) {
        // Conjugating before and after is the same as exchanging the parts.
        self.both_axes(&mut plane.im, &mut plane.re);
        let scale = 1.0 / (self.side * self.side) as f32;
        plane.re.iter_mut().chain(plane.im.iter_mut()).for_each(|v| *v *= scale);
    }

    fn both_axes(&mut self, re: &mut Vec<f32>, im: &mut Vec<f32>) {
        self.along_y(re, im);
        transpose(re, &mut self.spare.re, self.side);
        transpose(im, &mut self.spare.im, self.side);
        std::mem::swap(re, &mut self.spare.re);
        std::mem::swap(im, &mut self.spare.im);
        self.along_y(re, im);
    }

    fn along_y(&mut self, re: &mut Vec<f32>, im: &mut Vec<f32>) {
        let (mut left, mut run) = (self.side, self.side);
        for pass in &self.passes {
            let out = (&mut self.spare.re[..], &mut self.spare.im[..]);
            match pass.radix {
                4 => radix4(left / 4, run, &pass.roots, (re, im), out),
                3 => radix3(left / 3, run, &pass.roots, (re, im), out),
                _ => radix2(left / 2, run, &pass.roots, (re, im), out),
            }
            std::mem::swap(re, &mut self.spare.re);
            std::mem::swap(im, &mut self.spare.im);
            left /= pass.radix;
            run *= pass.radix;
        }
    }
}

/// `exp(-2πi·j·p/length)` for p in 0..length/radix and j in 1..radix.
fn roots(length: usize, radix: usize) -> Vec<(f32, f32)> {
    let mut all = Vec::with_capacity(length);
    for p in 0..length / radix {
        for j in 1..radix {
            let angle = -std::f64::consts::TAU * (p * j) as f64 / length as f64;
            all.push((libm::cos(angle) as f32, libm::sin(angle) as f32));
        }
    }
    all
}

fn transpose(from: &[f32], to: &mut [f32], side: usize) {
    /// Tile of the transposition: two tiles of 16 × 16 floats fit the smallest first-level cache.
    const TILE: usize = 16;
    for y0 in (0..side).step_by(TILE) {
        for x0 in (0..side).step_by(TILE) {
            for y in y0..(y0 + TILE).min(side) {
                for x in x0..(x0 + TILE).min(side) {
                    to[x * side + y] = from[y * side + x];
                }
            }
        }
    }
}

type In<'a> = (&'a [f32], &'a [f32]);
type Out<'a> = (&'a mut [f32], &'a mut [f32]);

#[inline(always)]
fn times(re: f32, im: f32, w: (f32, f32)) -> (f32, f32) {
    (re * w.0 - im * w.1, re * w.1 + im * w.0)
}

fn radix2(count: usize, run: usize, roots: &[(f32, f32)], (re, im): In<'_>, (ore, oim): Out<'_>) {
    for p in 0..count {
        let w = roots[p];
        let a = (&re[p * run..][..run], &im[p * run..][..run]);
        let b = (&re[(p + count) * run..][..run], &im[(p + count) * run..][..run]);
        let (y0, y1) = ore[2 * p * run..][..2 * run].split_at_mut(run);
        let (z0, z1) = oim[2 * p * run..][..2 * run].split_at_mut(run);
        for q in 0..run {
            y0[q] = a.0[q] + b.0[q];
            z0[q] = a.1[q] + b.1[q];
            (y1[q], z1[q]) = times(a.0[q] - b.0[q], a.1[q] - b.1[q], w);
        }
    }
}

fn radix3(count: usize, run: usize, roots: &[(f32, f32)], (re, im): In<'_>, (ore, oim): Out<'_>) {
    const SIN: f32 = 0.866_025_4;
    for p in 0..count {
        let w = [roots[2 * p], roots[2 * p + 1]];
        let x: [In<'_>; 3] = std::array::from_fn(|k| (&re[(p + k * count) * run..][..run], &im[(p + k * count) * run..][..run]));
        let (y0, rest) = ore[3 * p * run..][..3 * run].split_at_mut(run);
        let (y1, y2) = rest.split_at_mut(run);
        let (z0, rest) = oim[3 * p * run..][..3 * run].split_at_mut(run);
        let (z1, z2) = rest.split_at_mut(run);
        for q in 0..run {
            let (tr, ti) = (x[1].0[q] + x[2].0[q], x[1].1[q] + x[2].1[q]);
            let (ur, ui) = (SIN * (x[1].0[q] - x[2].0[q]), SIN * (x[1].1[q] - x[2].1[q]));
            let (mr, mi) = (x[0].0[q] - 0.5 * tr, x[0].1[q] - 0.5 * ti);
            y0[q] = x[0].0[q] + tr;
            z0[q] = x[0].1[q] + ti;
            (y1[q], z1[q]) = times(mr + ui, mi - ur, w[0]);
            (y2[q], z2[q]) = times(mr - ui, mi + ur, w[1]);
        }
    }
}

fn radix4(count: usize, run: usize, roots: &[(f32, f32)], (re, im): In<'_>, (ore, oim): Out<'_>) {
    for p in 0..count {
        let w = [roots[3 * p], roots[3 * p + 1], roots[3 * p + 2]];
        let x: [In<'_>; 4] = std::array::from_fn(|k| (&re[(p + k * count) * run..][..run], &im[(p + k * count) * run..][..run]));
        let (low, high) = ore[4 * p * run..][..4 * run].split_at_mut(2 * run);
        let ((y0, y1), (y2, y3)) = (low.split_at_mut(run), high.split_at_mut(run));
        let (low, high) = oim[4 * p * run..][..4 * run].split_at_mut(2 * run);
        let ((z0, z1), (z2, z3)) = (low.split_at_mut(run), high.split_at_mut(run));
        for q in 0..run {
            let (ar, ai) = (x[0].0[q] + x[2].0[q], x[0].1[q] + x[2].1[q]);
            let (br, bi) = (x[0].0[q] - x[2].0[q], x[0].1[q] - x[2].1[q]);
            let (cr, ci) = (x[1].0[q] + x[3].0[q], x[1].1[q] + x[3].1[q]);
            let (dr, di) = (x[1].0[q] - x[3].0[q], x[1].1[q] - x[3].1[q]);
            y0[q] = ar + cr;
            z0[q] = ai + ci;
            (y1[q], z1[q]) = times(br + di, bi - dr, w[0]);
            (y2[q], z2[q]) = times(ar - cr, ai - ci, w[1]);
            (y3[q], z3[q]) = times(br - di, bi + dr, w[2]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(side: usize) -> Plane {
        let mut state = 7u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 16_777_216.0 - 0.5
        };
        Plane { re: (0..side * side).map(|_| next()).collect(), im: (0..side * side).map(|_| next()).collect() }
    }

    #[test]
    fn equals_the_plain_sum() {
        for side in [4, 6, 8, 12, 18, 24] {
            let input = noise(side);
            let mut got = input.clone();
            Fft::new(side).forward(&mut got);
            for v in 0..side {
                for u in 0..side {
                    let (mut re, mut im) = (0.0, 0.0);
                    for y in 0..side {
                        for x in 0..side {
                            let angle = -std::f64::consts::TAU * (u * x + v * y) as f64 / side as f64;
                            let (c, s) = (libm::cos(angle), libm::sin(angle));
                            let (a, b) = (f64::from(input.re[y * side + x]), f64::from(input.im[y * side + x]));
                            re += a * c - b * s;
                            im += a * s + b * c;
                        }
                    }
                    let i = u * side + v;
                    assert!(
                        (f64::from(got.re[i]) - re).abs() < 1e-4 && (f64::from(got.im[i]) - im).abs() < 1e-4,
                        "{side}: {u} {v}"
                    );
                }
            }
        }
    }

    #[test]
    fn inverse_goes_back() {
        for side in [36, 48, 64, 72, 192] {
            let input = noise(side);
            let mut there = input.clone();
            let mut fft = Fft::new(side);
            fft.forward(&mut there);
            fft.inverse(&mut there);
            let worst = there.re.iter().zip(&input.re).chain(there.im.iter().zip(&input.im)).map(|(a, b)| (a - b).abs());
            assert!(worst.fold(0.0, f32::max) < 1e-5, "{side}");
        }
    }

    #[test]
    fn good_sides_are_products_of_small_primes() {
        assert_eq!([5, 37, 48, 60, 65, 100, 185].map(good_side), [6, 48, 48, 64, 72, 128, 192]);
    }
}
