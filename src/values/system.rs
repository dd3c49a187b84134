//! What differs between systems in what people read and name, as plain functions of the system, so
//! that each is tested on all.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::Path;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    Posix,
    Windows,
}

/// Names of devices on Windows, with any extension.
const DEVICES: [&str; 30] = [
    "con", "prn", "aux", "nul", "conin$", "conout$", "com1", "com2", "com3", "com4", "com5",
    "com6", "com7", "com8", "com9", "com¹", "com²", "com³", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5",
    "lpt6", "lpt7", "lpt8", "lpt9", "lpt¹", "lpt²", "lpt³",
];

impl System {
    pub const HERE: Self = if cfg!(windows) { Self::Windows } else { Self::Posix };

    /// `text` as one word of a command to copy: for POSIX shells, or for cmd and PowerShell alike.
    pub fn quoted(self, text: &str) -> Cow<'_, str> {
        let plain = if self == Self::Posix { "@%+=:,./_-" } else { "@+=:./\\_-" };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || plain.contains(c);
        // PowerShell takes a leading `@` for an array.
        let is_splat = self == Self::Windows && text.starts_with('@');
        if !text.is_empty() && text.chars().all(is_plain) && !is_splat {
            return Cow::Borrowed(text);
        }
        if self == Self::Posix {
            return Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")));
        }
        let mut word = "\"".to_owned();
        for c in text.chars() {
            match c {
                '"' => word.push('"'),
                // PowerShell expands these, and takes these quotes for `"`.
                '$' | '`' | '“' | '”' | '„' => word.push('`'),
                _ => {}
            }
            word.push(c);
        }
        // A backslash before the closing quote would escape it.
        let backslashes = text.len() - text.trim_end_matches('\\').len();
        word.push_str(&"\\".repeat(backslashes));
        word.push('"');
        Cow::Owned(word)
    }

    pub fn set_variable(self, name: &str, value: &str) -> Vec<String> {
        match self {
            Self::Posix => vec![format!("use it with: export {name}={}", self.quoted(value))],
            Self::Windows => {
                let is_quote = |c: char| matches!(c, '\'' | '‘' | '’' | '‚' | '‛');
                let escape = |c: char| if is_quote(c) { vec![c, c] } else { vec![c] };
                let literal: String = value.chars().flat_map(escape).collect();
                vec![
                    format!("use it in PowerShell with: $env:{name}='{literal}'"),
                    format!("use it in cmd with: set \"{name}={value}\""),
                ]
            }
        }
    }

    /// The variable that names the folder for temporary files.
    pub fn temporary_folder(self) -> &'static str {
        if self == Self::Posix { "TMPDIR" } else { "TEMP" }
    }

    /// Windows ignores the case of a variable's name.
    pub fn variable(self, name: &OsStr) -> OsString {
        if self == Self::Posix { name.to_owned() } else { name.to_ascii_uppercase() }
    }

    pub fn is_device(self, path: &Path) -> bool {
        let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
        self == Self::Windows && is_device_on_windows(&name)
    }

    /// Why a new file can't have this name.
    pub fn unusable_name(self, path: &Path) -> Option<&'static str> {
        if self == Self::Posix {
            return None;
        }
        let name = path.file_name()?.to_string_lossy();
        let is_forbidden =
            |c: char| c.is_ascii_control() || matches!(c, ':' | '<' | '>' | '"' | '|' | '?' | '*');
        if name.contains(is_forbidden) {
            Some("a file name can't have any of : < > \" | ? * in it")
        } else if name.ends_with([' ', '.']) {
            Some("a file name can't end with a space or a full stop")
        } else if is_device_on_windows(&name) {
            Some("this is the name of a device")
        } else if name.encode_utf16().count() > 255 {
            Some("the file name is too long")
        } else {
            None
        }
    }
}

/// Whether a file of this name would be a device there, up to its first full stop or colon.
pub fn is_device_on_windows(name: &str) -> bool {
    let stem = name.split(['.', ':']).next().unwrap_or_default().trim_end().to_lowercase();
    DEVICES.contains(&stem.as_str())
}
