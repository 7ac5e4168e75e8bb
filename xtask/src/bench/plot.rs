//! A plot of what was measured, as SVG: logarithmic both ways, so that growth in proportion is a straight line. Every line has a colour and a mark of
//! its own, and its name at its end; it reads on light ground and on dark.

use std::fmt::Write;

/// One line.
pub struct Line {
    /// What it is of.
    pub name: String,
    /// Across and up, both above 0; others are left out.
    pub points: Vec<(f64, f64)>,
}

/// A plot.
pub struct Plot<'a> {
    /// What it shows.
    pub title: &'a str,
    /// What is measured across, with its unit.
    pub across: &'a str,
    /// What is measured upwards, with its unit.
    pub up: &'a str,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// Whole picture, and the frame within: left, top, right, bottom.
const SIZE: (f64, f64) = (760.0, 420.0);
const FRAME: [f64; 4] = [70.0, 50.0, 570.0, 365.0];

/// Least distance between the names of two lines, and reach of a mark.
const NAME_APART: f64 = 18.0;
const MARK: f64 = 5.0;

/// Okabe and Ito's colours that stand out from white and from black alike.
const COLOURS: [&str; 7] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#56b4e9", "#7f7f7f"];

/// Paths of marks around the origin: disc, square, triangle, diamond, cross, point down, bar.
const MARKS: [&str; 7] = [
    "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
    "M-4.5 -4.5h9v9h-9z",
    "M0 -5.5L5.5 4.5h-11z",
    "M0 -6L6 0L0 6L-6 0z",
    "M-5 -3L-3 -5L0 -2L3 -5L5 -3L2 0L5 3L3 5L0 2L-3 5L-5 3L-2 0z",
    "M0 5.5L5.5 -4.5h-11z",
    "M-6 -2h12v4h-12z",
];

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1c1f23}.title{font-size:16px;font-weight:600}.ground{fill:#fff}.grid{stroke:#d8dbe0}\
.frame{fill:none;stroke:#6a7078}@media(prefers-color-scheme:dark){text{fill:#e8eaed}.ground{fill:#16181b}.grid{stroke:#363a40}.frame{stroke:#9aa0a8}}";

/// From a span of values to a span of pixels, by logarithms.
struct Axis {
    from: f64,
    to: f64,
    px: (f64, f64),
}

impl Axis {
    fn over(values: impl Iterator<Item = f64>, px: (f64, f64)) -> Self {
        let (low, high) = values.fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), v| (low.min(v), high.max(v)));
        let (low, high) = if low <= high { (low, high) } else { (1.0, 10.0) };
        Self { from: low / 1.25, to: high * 1.25, px }
    }

    fn at(&self, value: f64) -> f64 {
        let share = (value / self.from).ln() / (self.to / self.from).ln();
        self.px.0 + share * (self.px.1 - self.px.0)
    }

    /// 1, 2 and 5 times powers of ten that lie on the axis.
    fn ticks(&self) -> Vec<f64> {
        let powers = self.from.log10().floor() as i32..=self.to.log10().ceil() as i32;
        let all = powers.flat_map(|k| [1.0, 2.0, 5.0].map(|m| m * 10f64.powi(k)));
        all.filter(|v| (self.from..=self.to).contains(v)).collect()
    }
}

/// A line with its number, which decides on colour and mark, and those of its points that can be drawn.
type Drawn<'a> = (usize, &'a Line, Vec<(f64, f64)>);

impl Plot<'_> {
    /// The picture.
    pub fn svg(&self) -> String {
        let [left, top, right, bottom] = FRAME;
        let drawn: Vec<Drawn<'_>> = self
            .lines
            .iter()
            .enumerate()
            .map(|(k, line)| (k, line, line.points.iter().copied().filter(|&(x, y)| x > 0.0 && y > 0.0).collect::<Vec<_>>()))
            .filter(|(_, _, points)| !points.is_empty())
            .collect();
        let points = || drawn.iter().flat_map(|(_, _, points)| points.iter());
        let x = Axis::over(points().map(|p| p.0), (left, right));
        let y = Axis::over(points().map(|p| p.1), (bottom, top));
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"title desc\">\n\
             <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n<style>{STYLE}</style>\n\
             <rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n<text class=\"title\" x=\"{left}\" y=\"28\">{}</text>\n",
            SIZE.0,
            SIZE.1,
            escaped(self.title),
            escaped(&self.told(&drawn)),
            escaped(self.title)
        );
        self.axes(&mut svg, (&x, &y), measured(points().map(|p| p.0)));
        let names = apart(drawn.iter().map(|(_, _, points)| y.at(points[points.len() - 1].1)).collect());
        for ((k, line, points), name_y) in drawn.iter().zip(names) {
            let (colour, mark) = (COLOURS[k % COLOURS.len()], MARKS[k % MARKS.len()]);
            let path: Vec<String> = points.iter().map(|p| format!("{:.1} {:.1}", x.at(p.0), y.at(p.1))).collect();
            let _ = writeln!(svg, "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>", path.join("L"));
            for place in path.iter().map(|p| p.replace(' ', ",")).chain([format!("{:.1},{name_y:.1}", right + 4.0 + 2.0 * MARK)])
            {
                let _ = writeln!(svg, "<path d=\"{mark}\" fill=\"{colour}\" transform=\"translate({place})\"/>");
            }
            let _ = writeln!(svg, "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>", right + 26.0, name_y + 4.5, escaped(&line.name));
        }
        svg + "</svg>\n"
    }

    fn axes(&self, svg: &mut String, (x, y): (&Axis, &Axis), sizes: Vec<f64>) {
        let [left, top, right, bottom] = FRAME;
        for value in sizes {
            let at = x.at(value);
            let _ = writeln!(svg, "<path class=\"grid\" d=\"M{at:.1} {top}V{bottom}\"/>");
            let _ = writeln!(svg, "<text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{value:.0}</text>", bottom + 18.0);
        }
        for value in y.ticks() {
            let at = y.at(value);
            let _ = writeln!(svg, "<path class=\"grid\" d=\"M{left} {at:.1}H{right}\"/>");
            let _ = writeln!(svg, "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>", left - 8.0, at + 4.5);
        }
        let _ = writeln!(svg, "<path class=\"frame\" d=\"M{left} {top}V{bottom}H{right}\"/>");
        let (middle, centre) = ((left + right) / 2.0, (top + bottom) / 2.0);
        let _ =
            writeln!(svg, "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>", bottom + 42.0, escaped(self.across));
        let _ = writeln!(
            svg,
            "<text transform=\"translate(18,{centre}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
            escaped(self.up)
        );
    }

    /// The plot in words, for those who don't see it.
    fn told(&self, drawn: &[Drawn<'_>]) -> String {
        let of = |line: &Line, points: &[(f64, f64)]| {
            let values: Vec<String> = points.iter().map(|(x, y)| format!("{y:.1} at {x:.0}")).collect();
            format!("{}: {}", line.name, values.join(", "))
        };
        let lines: Vec<String> = drawn.iter().map(|(_, line, points)| of(line, points)).collect();
        format!("{} over {}, both logarithmic. {}.", self.up, self.across, lines.join("; "))
    }
}

/// Each value once, in order: what was measured stands on the axis, and nothing between.
fn measured(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.dedup_by(|a, b| (*a / *b - 1.0).abs() < 0.05);
    values
}

/// Heights, moved down where they would lie on each other; order among them is kept.
fn apart(heights: Vec<f64>) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|&a, &b| heights[a].total_cmp(&heights[b]));
    let mut moved = heights;
    for pair in 1..order.len() {
        let above = moved[order[pair - 1]];
        moved[order[pair]] = moved[order[pair]].max(above + NAME_APART);
    }
    moved
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_in_proportion_is_a_straight_line_up() {
        let y = Axis::over([1.0, 100.0].into_iter(), (300.0, 0.0));
        let [a, b, c] = [1.0, 10.0, 100.0].map(|v| y.at(v));
        assert!(a > b && b > c && ((a - b) - (b - c)).abs() < 1e-9, "{a} {b} {c}");
        assert_eq!(y.ticks(), [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]);
    }

    #[test]
    fn every_line_has_its_mark_and_its_name_apart_from_the_others() {
        let line = |name: &str, y: f64| Line { name: name.to_owned(), points: vec![(1.0, y), (4.0, 4.0 * y)] };
        let lines = vec![line("a & b", 1.0), line("c", 1.01), Line { name: "empty".to_owned(), points: vec![(1.0, f64::NAN)] }];
        let svg = Plot { title: "T", across: "Mpx", up: "s", lines }.svg();
        assert!(svg.contains("a &amp; b") && svg.contains(MARKS[0]) && svg.contains(MARKS[1]) && !svg.contains("empty"), "{svg}");
        assert_eq!(apart(vec![50.0, 48.0, 90.0]), [66.0, 48.0, 90.0]);
    }
}
