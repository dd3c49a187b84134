//! How one stream may be written to: colour, drawing characters, width. Decided once.

use std::io::IsTerminal;

use console::{Style, Term};

/// What one of the two output streams can show.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    /// Whether it is a terminal that can draw.
    pub is_terminal: bool,
    pub is_coloured: bool,
    /// Whether to draw with more than ASCII.
    pub has_unicode: bool,
    /// Width in columns, if it is a terminal.
    pub width: Option<u16>,
}

/// What the settings say of both streams.
#[derive(Clone, Copy, Debug)]
pub struct StyleChoice {
    /// Colour always, never, or (`None`) on a terminal.
    pub colour: Option<bool>,
    /// Whether the locale can show more than ASCII.
    pub unicode: bool,
    /// Whether the terminal can't move its cursor (`TERM=dumb`): nothing is drawn.
    pub is_dumb: bool,
}

impl Stream {
    /// Standard output.
    pub fn stdout(wish: StyleChoice) -> Self {
        Self::new(std::io::stdout().is_terminal(), &Term::stdout(), wish)
    }

    /// Standard error.
    pub fn stderr(wish: StyleChoice) -> Self {
        Self::new(std::io::stderr().is_terminal(), &Term::stderr(), wish)
    }

    fn new(is_terminal: bool, term: &Term, wish: StyleChoice) -> Self {
        let is_terminal = is_terminal && !wish.is_dumb;
        // The console of Windows has to be asked to take colours, which this does.
        let takes_colours = !cfg!(windows) || term.features().colors_supported();
        Self {
            is_terminal,
            is_coloured: wish.colour.unwrap_or(is_terminal && takes_colours),
            has_unicode: wish.unicode,
            width: if is_terminal { term.size_checked().map(|(_, columns)| columns) } else { None },
        }
    }

    /// `text` in `style`, where colour is wanted.
    pub fn paint(self, style: Paint, text: &str) -> String {
        style.ansi().force_styling(self.is_coloured).apply_to(text).to_string()
    }
}

/// What a colour means; the text always says it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// A good verdict, as a badge.
    Good,
    /// A bad verdict, as a badge.
    Bad,
    /// An open verdict, as a badge.
    Open,
    Error,
    Warning,
    Hint,
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
        }
    }
}
