//! Tables that can be read in a terminal and in Markdown.

use std::fmt::{self, Display, Formatter};

/// Rows of text under a head; the first column reads from the left, the others from the right.
#[derive(Debug, Clone)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table.
    pub fn new<S: Into<String>>(head: impl IntoIterator<Item = S>) -> Self {
        Self { rows: vec![head.into_iter().map(Into::into).collect()] }
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let cell = |row: &[String], k: usize| row.get(k).cloned().unwrap_or_default();
        let width = |k: usize| self.rows.iter().map(|r| cell(r, k).chars().count()).max().unwrap_or(0).max(3);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (i, row) in self.rows.iter().enumerate() {
            for (k, &width) in widths.iter().enumerate() {
                let text = cell(row, k);
                if k == 0 { write!(f, "| {text:width$} ")? } else { write!(f, "| {text:>width$} ")? }
            }
            writeln!(f, "|")?;
            if i == 0 {
                for (k, &width) in widths.iter().enumerate() {
                    let rule = "-".repeat(width + 1);
                    if k == 0 { write!(f, "|{rule}-")? } else { write!(f, "|{rule}:")? }
                }
                writeln!(f, "|")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let mut table = Table::new(["", "F1"]);
        table.push(vec!["a yard".to_owned(), "0.91 – 0.95".to_owned()]);
        assert_eq!(table.to_string(), "|        |          F1 |\n|--------|------------:|\n| a yard | 0.91 – 0.95 |\n");
    }
}
