//! Small symmetric matrices: Cholesky factors and eigenvectors. For as many rows as an image has bands.

/// A square matrix, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Rows, and columns.
    pub n: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// From a function of (row, column).
    pub fn from_fn(n: usize, f: impl Fn(usize, usize) -> f64) -> Self {
        Self { n, values: (0..n * n).map(|k| f(k / n, k % n)).collect() }
    }

    /// One element.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.n + column]
    }

    fn set(&mut self, row: usize, column: usize, value: f64) {
        self.values[row * self.n + column] = value;
    }

    /// Matrix times matrix.
    pub fn times(&self, other: &Self) -> Self {
        Self::from_fn(self.n, |i, j| (0..self.n).map(|k| self.at(i, k) * other.at(k, j)).sum())
    }

    /// Rows for columns.
    pub fn transposed(&self) -> Self {
        Self::from_fn(self.n, |i, j| self.at(j, i))
    }

    /// The lower triangular factor L of L·Lᵀ; `None` unless positive definite.
    pub fn cholesky(&self) -> Option<Self> {
        let mut factor = Self::from_fn(self.n, |_, _| 0.0);
        for i in 0..self.n {
            for j in 0..=i {
                let rest = self.at(i, j) - (0..j).map(|k| factor.at(i, k) * factor.at(j, k)).sum::<f64>();
                if i != j {
                    factor.set(i, j, rest / factor.at(j, j));
                } else if rest > 0.0 {
                    factor.set(i, i, rest.sqrt());
                } else {
                    return None;
                }
            }
        }
        Some(factor)
    }

    /// L⁻¹ of a lower triangular matrix with a diagonal free of zeros.
    pub fn lower_inverse(&self) -> Self {
        let mut inverse = Self::from_fn(self.n, |_, _| 0.0);
        for column in 0..self.n {
            for row in column..self.n {
                let unit = f64::from(u8::from(row == column));
                let rest = unit - (column..row).map(|k| self.at(row, k) * inverse.at(k, column)).sum::<f64>();
                inverse.set(row, column, rest / self.at(row, row));
            }
        }
        inverse
    }

    /// Eigenvalues, and eigenvectors as the columns of a matrix, by Jacobi's rotations.
    pub fn eigen(&self) -> (Vec<f64>, Self) {
        let mut a = self.clone();
        let mut vectors = Self::from_fn(self.n, |i, j| f64::from(u8::from(i == j)));
        for _ in 0..SWEEPS_AT_MOST {
            let off: f64 = (0..self.n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a.at(i, j).abs()).sum();
            if off < 1e-14 {
                break;
            }
            for p in 0..self.n {
                for q in p + 1..self.n {
                    rotate(&mut a, &mut vectors, p, q);
                }
            }
        }
        ((0..self.n).map(|i| a.at(i, i)).collect(), vectors)
    }
}

/// Jacobi's method converges quadratically; ten sweeps are plenty for matrices of this size.
const SWEEPS_AT_MOST: usize = 30;

/// One rotation in the plane of p and q that makes `a[p][q]` zero.
fn rotate(a: &mut Matrix, vectors: &mut Matrix, p: usize, q: usize) {
    let apq = a.at(p, q);
    if apq == 0.0 {
        return;
    }
    let theta = (a.at(q, q) - a.at(p, p)) / (2.0 * apq);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for k in 0..a.n {
        let (kp, kq) = (a.at(k, p), a.at(k, q));
        a.set(k, p, c * kp - s * kq);
        a.set(k, q, s * kp + c * kq);
    }
    for k in 0..a.n {
        let (pk, qk) = (a.at(p, k), a.at(q, k));
        a.set(p, k, c * pk - s * qk);
        a.set(q, k, s * pk + c * qk);
        let (vp, vq) = (vectors.at(k, p), vectors.at(k, q));
        vectors.set(k, p, c * vp - s * vq);
        vectors.set(k, q, s * vp + c * vq);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn eigenvectors_rebuild_the_matrix(values in prop::collection::vec(-5.0f64..5.0, 25)) {
            let half = Matrix { n: 5, values };
            let a = Matrix::from_fn(5, |i, j| half.at(i, j) + half.at(j, i));
            let (lambda, v) = a.eigen();
            let scaled = Matrix::from_fn(5, |i, j| v.at(i, j) * lambda[j]);
            let back = scaled.times(&v.transposed());
            for i in 0..5 { for j in 0..5 { prop_assert!((back.at(i, j) - a.at(i, j)).abs() < 1e-9); } }
        }

        #[test]
        fn cholesky_factors_rebuild_the_matrix(values in prop::collection::vec(-5.0f64..5.0, 16)) {
            let half = Matrix { n: 4, values };
            let a = Matrix::from_fn(4, |i, j| half.times(&half.transposed()).at(i, j) + f64::from(u8::from(i == j)));
            let l = a.cholesky().expect("positive definite");
            let one = l.times(&l.lower_inverse());
            let back = l.times(&l.transposed());
            for i in 0..4 { for j in 0..4 {
                prop_assert!((back.at(i, j) - a.at(i, j)).abs() < 1e-8);
                prop_assert!((one.at(i, j) - f64::from(u8::from(i == j))).abs() < 1e-8);
            } }
        }
    }

    #[test]
    fn an_indefinite_matrix_has_no_factor() {
        assert!(Matrix::from_fn(2, |i, j| if i == j { -1.0 } else { 0.0 }).cholesky().is_none());
    }
}
