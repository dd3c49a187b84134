//! What journals say about each pair: the only place that decides which line counts.
//!
//! One fold takes lines in any order, repeated or cut off, from any clock:
//!
//! - A pair is an id (or the content of a row that has none). What was sent under it, photos and
//!   options, is one identity; each identity has a set of requests, known by their tags, or by
//!   `sent_at` in old journals.
//! - A request went out, and ended as not charged, as unknown, as absent at the service, or with a
//!   verdict: the last of these that any line says. One that only went out is unknown.
//! - A verdict outranks everything else about its identity. Of several, a settled one outranks its
//!   own review; then the latest by the service's clock counts, then the latest by ours, then the
//!   stricter one.
//!
//! In memory, a pair takes 40 bytes and its place in the index; its lines are read again when needed.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufReader, Seek, SeekFrom};

use hashbrown::HashTable;
use jiff::Timestamp;

use super::line::{self, Unreadable, Window};
use super::record::{Ended, Mark, Options, Record, short};
use crate::verdict::{Status, Strictness, Threshold, Verdict};

/// What decides which pair a line belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    /// Its id, unless that is only a row's number.
    #[default]
    Ids,
    /// Its photos and `vendor_data`: the manifest has no ids.
    Content,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    pub naming: Naming,
    /// Applies to earlier verdicts too.
    pub strictness: Strictness,
    /// Whether to remember the photos' hashes by their names, sizes and times.
    pub trust_mtime: bool,
}

#[derive(Default)]
pub struct State {
    reading: Reading,
    entries: Vec<Entry>,
    /// The first entry of each pair: four bytes a pair, where a map would take sixteen.
    index: HashTable<u32>,
    /// The requests of each entry without a verdict.
    open: HashMap<u32, Vec<Request>>,
    request_ids: Vec<u64>,
    refusals: HashSet<u64>,
    deleted: HashSet<u64>,
    hashes: HashMap<u64, String>,
    /// The `vendor_data` of verdicts whose session is not known.
    nameless: HashSet<String>,
    has_row_names: bool,
    /// The least and the greatest difference between the service's clock and ours.
    clock: Option<(i64, i64)>,
    echoes_tags: bool,
    hides_tags: bool,
    files: Vec<File>,
    /// Whether the last line is cut off, so that the next one must begin with a line end.
    pub(super) ends_torn: bool,
}

/// One identity of a pair.
struct Entry {
    key: u64,
    exact: u64,
    place: Place,
    verdict: Option<Known>,
    /// Another identity of the same pair.
    next: u32,
}

/// A line: its file, and the byte at which it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(u64);

impl Place {
    const BITS: u32 = 48;
}

#[derive(Clone, Copy, Debug)]
struct Request {
    /// When it was sent, and its tag: 0 without one, as of a request that was refused with it.
    id: (u64, u64),
    end: End,
    place: Place,
}

impl Request {
    fn is_same(&self, other: &Self) -> bool {
        let ((sent, tag), (other_sent, other_tag)) = (self.id, other.id);
        sent == other_sent && (tag == other_tag || tag == 0 || other_tag == 0)
    }
}

/// How a request ended; the greatest that any line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    None,
    NotCharged,
    Unknown,
    Absent,
}

/// A verdict, in brief.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    pub status: Status,
    /// From Approved, by `--review-below` or `--one-face`.
    pub is_downgraded: bool,
    pub score: Option<f32>,
}

impl From<&Verdict> for Known {
    fn from(verdict: &Verdict) -> Self {
        let score = verdict.score().and_then(|score| f32::try_from(score.value()).ok());
        Self { status: verdict.status(), is_downgraded: verdict.downgraded_by().is_some(), score }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PairState {
    Judged(Known),
    /// It may have been charged. `is_absent` if the service has no record of any of its requests.
    Unknown {
        is_absent: bool,
    },
    Failed,
}

/// What a journal says of a row, before it is sent.
pub enum Standing {
    New,
    Judged(Known),
    Unknown {
        is_absent: bool,
    },
    /// Judged with a lower threshold.
    Stricter(Box<Record>),
    OtherOptions(Box<Record>),
    OtherPhotos,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PairRef(u32);

impl State {
    /// Adds all lines of a journal.
    pub fn read(&mut self, file: &File) -> Result<(), Unreadable> {
        let number = self.files.len() as u64;
        let mut source = file.try_clone().map_err(Unreadable::Io)?;
        source.seek(SeekFrom::Start(0)).map_err(Unreadable::Io)?;
        self.files.push(file.try_clone().map_err(Unreadable::Io)?);
        let source = BufReader::with_capacity(1 << 16, source);
        self.ends_torn = line::each(source, |offset, line| {
            self.add(Place(number << Place::BITS | offset), &line)
        })?;
        self.request_ids.sort_unstable();
        Ok(())
    }

    pub fn new(reading: Reading) -> Self {
        Self { reading, ..Self::default() }
    }

    /// Whether the line makes sense.
    fn add(&mut self, place: Place, record: &Record) -> io::Result<bool> {
        let end = match record.state {
            None => match record.ended() {
                None => return Ok(false),
                Some(Ended::Judged(verdict)) => {
                    self.remember(record);
                    self.judged(place, record, verdict)?;
                    return Ok(true);
                }
                Some(Ended::Unknown) => End::Unknown,
                Some(Ended::Failed) => End::NotCharged,
            },
            Some(Mark::Sent) => End::None,
            Some(Mark::Absent) => End::Absent,
            Some(Mark::Deleted) => {
                self.deleted.extend(record.request_id.as_deref().map(id_hash));
                return Ok(true);
            }
        };
        self.remember(record);
        let entry = self.entry(place, record);
        if self.at(entry).verdict.is_some() {
            return Ok(true);
        }
        let new = Request { id: request_id(record), end, place };
        let requests = self.open.entry(entry).or_default();
        match requests.iter_mut().find(|known| known.is_same(&new)) {
            Some(known) if new.end > known.end => *known = new,
            Some(_) => {}
            None => requests.push(new),
        }
        Ok(true)
    }

    fn judged(&mut self, place: Place, record: &Record, verdict: Verdict) -> io::Result<()> {
        let entry = self.entry(place, record);
        self.open.remove(&entry);
        if self.at(entry).verdict.is_some() {
            let known = self.load(self.at(entry).place)?;
            if outranks(record, &known) != Ordering::Greater {
                return Ok(());
            }
        }
        let verdict = verdict.tightened(self.reading.strictness, || record.seen());
        let entry = &mut self.entries[entry as usize];
        (entry.place, entry.verdict) = (place, Some(Known::from(&verdict)));
        Ok(())
    }

    fn remember(&mut self, record: &Record) {
        if let Some(offset) = record.clock_offset_ms {
            let (least, most) = self.clock.unwrap_or((offset, offset));
            self.clock = Some((least.min(offset), most.max(offset)));
        }
        if record.state.is_some() {
            return;
        }
        self.request_ids.extend(record.request_id.as_deref().map(id_hash));
        self.refusals.extend(record.refusal());
        if record.request_id.is_none() && record.status.is_some() && record.options.save {
            self.nameless.extend(record.options.vendor_data.clone());
        }
        // Reading the answer for it takes long.
        if !self.echoes_tags && record.tag.is_some() && record.status.is_some() {
            self.echoes_tags = record.echoes_its_tag();
            self.hides_tags |= !self.echoes_tags;
        }
        if let (true, Some(files)) = (self.reading.trust_mtime, &record.files) {
            let photos = [&record.user_image, &record.ref_image];
            let hashes = [&record.user_sha256, &record.ref_sha256];
            for ((name, hash), stamp) in photos.into_iter().zip(hashes).zip(files) {
                if let Some(hash) = hash {
                    self.hashes.insert(file_hash(name, stamp.size, &stamp.mtime), hash.clone());
                }
            }
        }
    }

    /// The entry of this identity, new or not.
    fn entry(&mut self, place: Place, record: &Record) -> u32 {
        self.has_row_names |= record.by_row;
        let (key, exact) = (self.key(record), record.identity());
        let first = self.find(key);
        if let Some(found) = self.chain(first).find(|&at| self.at(at).exact == exact) {
            return found;
        }
        let new = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let mut entry = Entry { key, exact, place, verdict: None, next: u32::MAX };
        if let Some(first) = first {
            let first = &mut self.entries[first as usize];
            entry.next = std::mem::replace(&mut first.next, new);
        }
        self.entries.push(entry);
        if first.is_none() {
            let entries = &self.entries;
            self.index.insert_unique(key, new, |&at| entries[at as usize].key);
        }
        new
    }

    /// The first entry of a pair.
    fn find(&self, key: u64) -> Option<u32> {
        self.index.find(key, |&at| self.at(at).key == key).copied()
    }

    /// What identifies the record's pair among those of the journal.
    pub fn key(&self, record: &Record) -> u64 {
        match self.reading.naming {
            Naming::Ids if !record.by_row => name_key(&record.id),
            _ => record.options.content(record.photos()),
        }
    }

    fn at(&self, entry: u32) -> &Entry {
        &self.entries[entry as usize]
    }

    fn chain(&self, first: Option<u32>) -> impl Iterator<Item = u32> {
        std::iter::successors(first, |&at| Some(self.at(at).next).filter(|next| *next != u32::MAX))
    }

    fn load(&self, place: Place) -> io::Result<Record> {
        Lines::new(self).record(place)
    }

    fn state(&self, entry: u32) -> PairState {
        if let Some(known) = self.at(entry).verdict {
            return PairState::Judged(known);
        }
        let requests = self.open.get(&entry).map(Vec::as_slice).unwrap_or_default();
        let mut open = requests.iter().filter(|request| request.end != End::NotCharged).peekable();
        match open.peek() {
            None => PairState::Failed,
            Some(_) => {
                PairState::Unknown { is_absent: open.all(|request| request.end == End::Absent) }
            }
        }
    }

    /// What the journal says of a row. `id` is `None` if the manifest has no ids.
    pub fn standing(
        &self,
        id: Option<&str>,
        photos: [&str; 2],
        threshold: Threshold,
        options: &Options,
    ) -> io::Result<Standing> {
        let identity = options.identity(photos, Some(threshold));
        let named = id.filter(|_| self.reading.naming == Naming::Ids).map(name_key);
        let keys = named.into_iter().chain(Some(options.content(photos)));
        let chains = keys.filter_map(|key| self.find(key));
        let entries: Vec<u32> = chains.flat_map(|first| self.chain(Some(first))).collect();
        let mut unknown = None;
        for &entry in entries.iter().filter(|&&entry| self.at(entry).exact == identity) {
            match self.state(entry) {
                PairState::Judged(known) => return Ok(Standing::Judged(known)),
                PairState::Unknown { is_absent } => unknown = Some(is_absent),
                PairState::Failed => {}
            }
        }
        let (mut other_photos, mut judged) = (false, None::<Record>);
        for entry in entries.into_iter().filter(|&entry| self.at(entry).exact != identity) {
            let state = self.state(entry);
            if state == PairState::Failed {
                continue;
            }
            let record = self.load(self.place(entry))?;
            if record.options.judged_by != options.judged_by {
                continue;
            }
            match state {
                _ if record.photos() != photos => other_photos |= state != PairState::Failed,
                PairState::Unknown { is_absent } => {
                    unknown = Some(unknown.is_none_or(|all| all) && is_absent);
                }
                _ => {
                    // What was sent comes before what a higher threshold made of it.
                    let is_better = judged.as_ref().is_none_or(|known| {
                        let is_sent = |record: &Record| record.decided_by.is_none();
                        is_sent(&record)
                            .cmp(&is_sent(known))
                            .then_with(|| outranks(&record, known))
                            .is_gt()
                    });
                    judged = if is_better { Some(record) } else { judged };
                }
            }
        }
        Ok(match (unknown, judged) {
            (Some(is_absent), _) => Standing::Unknown { is_absent },
            (None, Some(record)) if record.is_only_less_strict(threshold, options) => {
                Standing::Stricter(Box::new(record))
            }
            (None, Some(record)) => Standing::OtherOptions(Box::new(record)),
            (None, None) if other_photos => Standing::OtherPhotos,
            (None, None) => Standing::New,
        })
    }

    /// Whether [`State::standing`] can be other than new for a row with this id.
    pub fn may_know(&self, id: &str) -> bool {
        match self.reading.naming {
            Naming::Content => !self.entries.is_empty(),
            Naming::Ids => self.has_row_names || self.find(name_key(id)).is_some(),
        }
    }

    /// The hash of a photo that the journal knows by its name, size and time.
    pub fn hash_of_file(&self, name: &str, size: u64, mtime: &str) -> Option<&str> {
        self.hashes.get(&file_hash(name, size, mtime)).map(String::as_str)
    }

    /// Whether a line says the same as `record`, a failure before anything was sent.
    pub fn has_refusal(&self, record: &Record) -> bool {
        record.refusal().is_some_and(|refusal| self.refusals.contains(&refusal))
    }

    pub fn knows_request(&self, id: &str) -> bool {
        self.request_ids.binary_search(&id_hash(id)).is_ok()
    }

    /// Whether a pair with this `vendor_data` was judged in a session without a known id.
    pub fn has_nameless(&self, vendor_data: &str) -> bool {
        self.nameless.contains(vendor_data)
    }

    pub fn is_deleted(&self, record: &Record) -> bool {
        record.request_id.as_deref().is_some_and(|id| self.deleted.contains(&id_hash(id)))
    }

    /// Whether the service repeated the tag of any request.
    pub fn echoes_tags(&self) -> bool {
        self.echoes_tags
    }

    /// Whether the service left the tag out of an answer.
    pub fn hides_tags(&self) -> bool {
        self.hides_tags
    }

    /// The least and the greatest difference between the service's clock and ours, in milliseconds.
    pub fn clock(&self) -> Option<(i64, i64)> {
        self.clock
    }

    /// All pairs, in the order in which they first appear.
    pub fn pairs(&self) -> impl Iterator<Item = PairRef> {
        let count = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let is_first = |&at: &u32| self.find(self.at(at).key) == Some(at);
        (0..count).filter(is_first).map(PairRef)
    }

    /// The pair's identity that counts: its record, and the state of its requests.
    pub fn current(&self, pair: PairRef) -> io::Result<(Record, PairState)> {
        let (place, state) = self.counting(pair)?;
        Ok((self.load(place)?, state))
    }

    /// [`State::current`], with the line where the record is.
    pub fn counting(&self, pair: PairRef) -> io::Result<(Place, PairState)> {
        let of = |entry| (self.place(entry), self.state(entry));
        if self.at(pair.0).next == u32::MAX {
            return Ok(of(pair.0));
        }
        let mut best: Option<(Record, (Place, PairState))> = None;
        for new in self.chain(Some(pair.0)).map(of) {
            let record = self.load(new.0)?;
            let rank = |record: &Record, (_, state): &(Place, PairState)| {
                (*state != PairState::Failed, made_at(record), record.finished_at.clone())
            };
            let is_better = best.as_ref().is_none_or(|(known, best)| {
                let order = rank(&record, &new).cmp(&rank(known, best));
                order.then(strictness(&record).cmp(&strictness(known))).is_gt()
            });
            if is_better {
                best = Some((record, new));
            }
        }
        best.map(|(_, best)| best).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Every request of the pair that may have been charged and has no verdict, and whether it is
    /// known to be absent.
    pub fn unknown(&self, pair: PairRef) -> io::Result<Vec<(Record, bool)>> {
        let entries = self.chain(Some(pair.0)).filter_map(|entry| self.open.get(&entry));
        let open = entries.flatten().filter(|request| request.end != End::NotCharged);
        open.map(|r| Ok((self.load(r.place)?, r.end == End::Absent))).collect()
    }

    /// The lines that no merged journal may lose: verdicts, for other photos and options too, and
    /// requests that may have been charged.
    pub fn charged(&self, pair: PairRef) -> impl Iterator<Item = Place> {
        self.chain(Some(pair.0)).flat_map(|entry| {
            let judged = self.at(entry).verdict.map(|_| self.at(entry).place);
            let open = self.open.get(&entry).into_iter().flatten();
            let open = open.filter(|request| request.end != End::NotCharged);
            judged.into_iter().chain(open.map(|request| request.place))
        })
    }

    /// The line that speaks for an entry.
    fn place(&self, entry: u32) -> Place {
        let requests = self.open.get(&entry).map(Vec::as_slice).unwrap_or_default();
        let rank = |request: &&Request| (request.end != End::NotCharged, request.end, request.id);
        requests.iter().max_by_key(rank).map_or(self.at(entry).place, |request| request.place)
    }
}

/// Reads the lines of journals again; those that follow one another, in large pieces.
pub struct Lines<'a> {
    state: &'a State,
    windows: Vec<Window>,
}

impl<'a> Lines<'a> {
    pub fn new(state: &'a State) -> Self {
        Self { state, windows: Vec::new() }
    }

    pub fn text(&mut self, place: Place) -> io::Result<&[u8]> {
        let file = usize::try_from(place.0 >> Place::BITS).unwrap_or(usize::MAX);
        let source = self.state.files.get(file).ok_or(io::ErrorKind::NotFound)?;
        self.windows.resize_with(self.windows.len().max(file + 1), Window::default);
        self.windows[file].line(source, place.0 & ((1 << Place::BITS) - 1))
    }

    pub fn record(&mut self, place: Place) -> io::Result<Record> {
        let record = Record::parse(self.text(place)?)?;
        Ok(if record.state.is_some() { record.unanswered() } else { record })
    }
}

/// Which of two verdicts counts.
fn outranks(one: &Record, other: &Record) -> Ordering {
    let same_request = one.request_id.is_some() && one.request_id == other.request_id;
    let settled = |record: &Record| same_request && record.settled_from.is_some();
    settled(one)
        .cmp(&settled(other))
        .then_with(
            || {
                if same_request { Ordering::Equal } else { made_at(one).cmp(&made_at(other)) }
            },
        )
        .then_with(|| one.finished_at.cmp(&other.finished_at))
        .then_with(|| strictness(one).cmp(&strictness(other)))
}

/// By the service's clock, if it says so.
fn made_at(record: &Record) -> Option<Timestamp> {
    let sent_at = record.sent_at.as_ref().unwrap_or(&record.finished_at);
    record.created_at().or_else(|| sent_at.parse().ok())
}

fn strictness(record: &Record) -> u8 {
    match record.status.as_deref().and_then(Status::from_name) {
        Some(Status::Approved) => 0,
        Some(Status::InReview) => 1,
        Some(Status::Declined) => 2,
        None => 3,
    }
}

fn name_key(id: &str) -> u64 {
    short(&["id", id.trim()])
}

fn id_hash(request_id: &str) -> u64 {
    short(&[&request_id.to_ascii_lowercase()])
}

fn file_hash(name: &str, size: u64, mtime: &str) -> u64 {
    short(&[name, &size.to_string(), mtime])
}

/// Of lines from before requests were announced, each is its own request.
fn request_id(record: &Record) -> (u64, u64) {
    let sent = match &record.sent_at {
        Some(at) => short(&["sent", at]),
        None => short(&["ended", &record.finished_at]),
    };
    (sent, record.tag.map_or(0, |tag| short(&["tag", &tag.to_string()])))
}
