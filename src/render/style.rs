//! The abilities of each stream (colour, Unicode, width), determined once.

use std::io::IsTerminal;

use console::{Style, Term};

#[derive(Clone, Copy, Debug)]
pub struct Stream {
    /// Whether it is a terminal that can move its cursor.
    pub is_terminal: bool,
    pub is_coloured: bool,
    pub has_unicode: bool,
    /// Width in columns, if it is a terminal.
    pub width: Option<u16>,
}

#[derive(Clone, Copy, Debug)]
pub struct StyleChoice {
    /// Always, never, or only on a terminal (`None`).
    pub colour: Option<bool>,
    /// Whether the locale supports more than ASCII.
    pub unicode: bool,
    /// `TERM=dumb`: the terminal can't move its cursor, so nothing is drawn.
    pub is_dumb: bool,
}

impl Stream {
    pub fn stdout(choice: StyleChoice) -> Self {
        Self::new(std::io::stdout().is_terminal(), &Term::stdout(), choice)
    }

    pub fn stderr(choice: StyleChoice) -> Self {
        Self::new(std::io::stderr().is_terminal(), &Term::stderr(), choice)
    }

    fn new(is_terminal: bool, term: &Term, choice: StyleChoice) -> Self {
        let is_terminal = is_terminal && !choice.is_dumb;
        // On Windows, this also enables colours in the console.
        let takes_colours = !cfg!(windows) || term.features().colors_supported();
        Self {
            is_terminal,
            is_coloured: choice.colour.unwrap_or(is_terminal && takes_colours),
            has_unicode: choice.unicode,
            width: if is_terminal { term.size_checked().map(|(_, columns)| columns) } else { None },
        }
    }

    /// `text` in `style`, if the stream is coloured.
    pub fn paint(self, style: Paint, text: &str) -> String {
        style.ansi().force_styling(self.is_coloured).apply_to(text).to_string()
    }
}

/// The meaning of a colour, which the text always states too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// The first three are for verdict badges.
    Good,
    Bad,
    Open,
    Error,
    Warning,
    Hint,
    Fine,
}

impl Paint {
    fn ansi(self) -> Style {
        let bold = Style::new().bold();
        match self {
            Self::Good => bold.green().reverse(),
            Self::Bad => bold.red().reverse(),
            Self::Open => bold.yellow().reverse(),
            Self::Error => bold.red(),
            Self::Warning => bold.yellow(),
            Self::Hint => bold.cyan(),
            Self::Fine => bold.green(),
        }
    }
}
