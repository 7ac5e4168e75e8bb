//! The Content-Security-Policy of the page: what "nothing leaves the computer" rests on.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// Who may run scripts and set styles: the files beside the page, or the very texts inside it.
pub enum Allowed<'a> {
    /// `index.html`: the folder it lies in.
    Beside,
    /// `pkg/sidings.html`: these texts, known by their hashes.
    Inside { scripts: &'a [String], styles: &'a [String] },
}

/// The policy, as the `content` of its meta element.
///
/// - `connect-src 'none'` also stands for itself, so that a reader need not know what falls back to `default-src`.
/// - `'wasm-unsafe-eval'` allows WebAssembly and nothing else.
/// - Trusted Types: strings become markup or a script's address only by the default policy (`www/first.js`) and by lit-html's own.
/// - Workers come from `blob:` since file:// allows no other; images are what the user dropped, or drawn here.
pub fn policy(allowed: &Allowed<'_>) -> String {
    let (scripts, styles) = match allowed {
        Allowed::Beside => ("'self'".to_owned(), "'self'".to_owned()),
        Allowed::Inside { scripts, styles } => (sources(scripts), sources(styles)),
    };
    format!(
        "default-src 'none'; connect-src 'none'; base-uri 'none'; form-action 'none'; \
         script-src {scripts} 'wasm-unsafe-eval'; style-src {styles}; worker-src blob:; img-src 'self' blob: data:; \
         require-trusted-types-for 'script'; trusted-types default lit-html"
    )
}

fn sources(texts: &[String]) -> String {
    texts.iter().map(|text| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_the_specification() {
        // CSP level 3, section 8.3, its own example.
        let policy = policy(&Allowed::Inside { scripts: &["doSomething();".to_owned()], styles: &[] });
        assert!(
            policy.contains("script-src 'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc=' 'wasm-unsafe-eval';"),
            "{policy}"
        );
    }

    #[test]
    fn no_policy_opens_a_way_out() {
        for policy in
            [policy(&Allowed::Beside), policy(&Allowed::Inside { scripts: &["a".to_owned()], styles: &["b".to_owned()] })]
        {
            assert!(policy.starts_with("default-src 'none'; connect-src 'none';"));
            for forbidden in ["unsafe-inline", "'unsafe-eval'", "http:", "https:", "ws:", "*"] {
                assert!(!policy.contains(forbidden), "{forbidden} in {policy}");
            }
        }
    }
}
