//! Finds secrets in any encoding that could have hidden them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// `secret` as it is, in hexadecimal, and in base64, alone or in the middle of something.
fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    let hex = hex(secret);
    let mut forms = vec![secret.to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()];
    for before in 0..3 {
        let text = STANDARD_NO_PAD.encode([&vec![0; before], secret].concat());
        // Without the characters that mix in neighbouring bits.
        let own = (before * 8).div_ceil(6)..(before + secret.len()) * 8 / 6;
        forms.push(text.as_bytes()[own].to_vec());
    }
    forms
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// How many times `wanted` occurs in `text`.
pub(crate) fn count(text: &[u8], wanted: &[u8]) -> usize {
    text.windows(wanted.len()).filter(|window| *window == wanted).count()
}

/// How many times `secret` occurs in `text`, in any form.
pub(crate) fn traces(text: &[u8], secret: &[u8]) -> usize {
    forms(secret).iter().map(|form| count(text, form)).sum()
}

#[test]
fn every_form_is_found() {
    let secret = b"sk-test.9f8e7d6c5b4a";
    for around in ["", "a", "ab", "abc", "abcd"] {
        let whole = [around.as_bytes(), secret, around.as_bytes()].concat();
        for text in
            [whole.clone(), STANDARD_NO_PAD.encode(&whole).into_bytes(), hex(&whole).into_bytes()]
        {
            assert_eq!(traces(&text, secret), 1, "{}", String::from_utf8_lossy(&text));
        }
    }
    assert_eq!(traces(b"sk-test.9f8e7d6c5b4", secret), 0);
}
