//! Rust source as a list of words, without what the walls have nothing to say about: comments, strings and test code.

/// A word (identifier or keyword) or a single mark, with the line it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The text.
    pub text: String,
    /// Counted from one.
    pub line: usize,
}

/// The words and marks of a source file; items under `#[cfg(test)]` are left out.
pub fn tokens(source: &str) -> Vec<Token> {
    without_tests(words(&blanked(source)))
}

/// Names of modules that stand in files of their own and are compiled for tests only: `#[cfg(test)] mod NAME;`.
pub fn test_modules(source: &str) -> Vec<String> {
    let all = words(&blanked(source));
    let is_test_module = |at: &usize| starts_with(&all[*at..], &["mod"]) && all.get(at + 2).is_some_and(|t| t.text == ";");
    (0..all.len())
        .filter(|&at| starts_with(&all[at..], &CFG_TEST))
        .map(|at| at + CFG_TEST.len())
        .filter(is_test_module)
        .map(|at| all[at + 1].text.clone())
        .collect()
}

const CFG_TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];

/// Whether a list of tokens begins with these texts.
pub fn starts_with(tokens: &[Token], texts: &[&str]) -> bool {
    tokens.len() >= texts.len() && tokens.iter().zip(texts).all(|(token, text)| token.text == *text)
}

/// The source with comments, strings and character literals turned to blanks; lines stay where they are.
fn blanked(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut blanked = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = at + hidden(&chars[at..], at.checked_sub(1).map(|before| chars[before]));
        if end == at {
            blanked.push(chars[at]);
            at += 1;
        } else {
            blanked.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    blanked
}

/// How many characters from here belong to a comment or a literal; 0 when this is code.
fn hidden(rest: &[char], before: Option<char>) -> usize {
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    match rest {
        ['/', '/', ..] => rest.iter().position(|&c| c == '\n').unwrap_or(rest.len()),
        ['/', '*', ..] => block_comment(rest),
        ['"', ..] => quoted(rest, 1, '"'),
        ['b', '"', ..] if !in_word => quoted(rest, 2, '"'),
        ['b', '\'', ..] if !in_word => quoted(rest, 2, '\''),
        ['r', ..] if !in_word => raw_string(rest, 1),
        ['b', 'r', ..] if !in_word => raw_string(rest, 2),
        ['\'', '\\', ..] => quoted(rest, 1, '\''),
        ['\'', _, '\'', ..] => 3,
        _ => 0,
    }
}

fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match &rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn quoted(rest: &[char], start: usize, quote: char) -> usize {
    let mut at = start;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

fn raw_string(rest: &[char], prefix: usize) -> usize {
    let hashes = rest[prefix..].iter().take_while(|&&c| c == '#').count();
    if rest.get(prefix + hashes) != Some(&'"') {
        return 0;
    }
    let closes = |at: &usize| rest[*at] == '"' && rest[at + 1..].iter().take_while(|&&c| c == '#').count() >= hashes;
    (prefix + hashes + 1..rest.len()).find(closes).map_or(rest.len(), |at| at + 1 + hashes)
}

fn words(source: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut in_word = false;
    let mut line = 1;
    for c in source.chars() {
        let is_word = c.is_alphanumeric() || c == '_';
        match tokens.last_mut() {
            Some(last) if is_word && in_word => last.text.push(c),
            _ if c.is_whitespace() => {}
            _ => tokens.push(Token { text: c.to_string(), line }),
        }
        in_word = is_word;
        line += usize::from(c == '\n');
    }
    tokens
}

/// Leaves out each `#[cfg(test)]` with the item after it: to its `;`, or through its braces.
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if starts_with(&tokens[at..], &CFG_TEST) {
            at = end_of_item(&tokens, at + CFG_TEST.len());
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

fn end_of_item(tokens: &[Token], start: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && (token.text == ";" || token.text == "}") {
            return at + 1;
        }
    }
    tokens.len()
}
