//! Well-known text: the brackets of `.prj` files and `.aux.xml` (OGC 01-009, ISO 19162), as a tree.

/// A keyword and what stands in its brackets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// In capitals.
    pub keyword: String,
    pub texts: Vec<String>,
    pub numbers: Vec<f64>,
    pub children: Vec<Node>,
}

/// Deepest nesting that is followed; real systems need eight.
const MAX_DEPTH: usize = 24;

impl Node {
    /// Reads one tree; `None` for what isn't well-known text.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim_start_matches('\u{feff}').trim_start();
        let node = node(&mut rest, 0)?;
        rest.trim().is_empty().then_some(node)
    }

    /// The first child of one of these keywords.
    pub fn child(&self, keywords: &[&str]) -> Option<&Node> {
        self.children.iter().find(|c| keywords.contains(&c.keyword.as_str()))
    }

    /// The first node of one of these keywords in the tree, itself included, outermost first.
    pub fn find(&self, keywords: &[&str]) -> Option<&Node> {
        if keywords.contains(&self.keyword.as_str()) {
            return Some(self);
        }
        self.children.iter().find_map(|c| c.find(keywords))
    }

    /// The name that comes first in the brackets.
    pub fn name(&self) -> &str {
        self.texts.first().map_or("", String::as_str)
    }

    /// The first number in the brackets.
    pub fn number(&self) -> Option<f64> {
        self.numbers.first().copied()
    }

    /// The number under which the EPSG registry has this.
    pub fn epsg(&self) -> Option<u32> {
        let id = self.children.iter().find(|c| matches!(c.keyword.as_str(), "AUTHORITY" | "ID"))?;
        if !id.name().eq_ignore_ascii_case("EPSG") {
            return None;
        }
        id.texts.get(1).and_then(|code| code.parse().ok()).or_else(|| id.number().map(|code| code as u32))
    }
}

fn node(rest: &mut &str, depth: usize) -> Option<Node> {
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|&end| end > 0)?;
    let keyword = rest[..end].to_ascii_uppercase();
    *rest = rest[end..].trim_start();
    let mut node = Node { keyword, texts: Vec::new(), numbers: Vec::new(), children: Vec::new() };
    if !rest.starts_with(['[', '(']) || depth > MAX_DEPTH {
        return (depth > 0 && depth <= MAX_DEPTH).then_some(node);
    }
    loop {
        *rest = rest[1..].trim_start();
        match rest.chars().next()? {
            ']' | ')' => {}
            '"' => node.texts.push(quoted(rest)?),
            c if c.is_ascii_digit() || matches!(c, '-' | '+' | '.') => node.numbers.push(number(rest)?),
            _ => node.children.push(self::node(rest, depth + 1)?),
        }
        *rest = rest.trim_start();
        match rest.chars().next()? {
            ',' => {}
            ']' | ')' => {
                *rest = rest[1..].trim_start();
                return Some(node);
            }
            _ => return None,
        }
    }
}

/// Text between quotes; a quote in it is doubled.
fn quoted(rest: &mut &str) -> Option<String> {
    let mut text = String::new();
    loop {
        let end = rest[1..].find('"')? + 1;
        text.push_str(&rest[1..end]);
        *rest = &rest[end + 1..];
        if !rest.starts_with('"') {
            return Some(text);
        }
        text.push('"');
    }
}

fn number(rest: &mut &str) -> Option<f64> {
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'))).unwrap_or(rest.len());
    let value: f64 = rest[..end].parse().ok()?;
    *rest = &rest[end..];
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn brackets_become_a_tree() {
        let tree = Node::parse(r#"PROJCS["a ""b""",UNIT["m", 1.0e0],AUTHORITY["EPSG","5179"],AXIS["x",EAST]]"#).expect("sound");
        assert_eq!((tree.name(), tree.epsg(), tree.child(&["UNIT"]).and_then(Node::number)), ("a \"b\"", Some(5179), Some(1.0)));
        assert_eq!(Node::parse(r#"ID["EPSG",4326]"#).map(|n| n.numbers), Some(vec![4326.0]));
        for bad in ["", "PROJCS", "PROJCS[", "PROJCS[\"a\"", "PROJCS[\"a\"]]", "PROJCS[\"a\" \"b\"]", "{}", &"A[".repeat(500)] {
            assert_eq!(Node::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn strange_text_never_panics(text in "[A-Z\\[\\]\",0-9. é]{0,60}") {
            let _ = Node::parse(&text);
        }
    }
}
