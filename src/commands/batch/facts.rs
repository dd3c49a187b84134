//! Collects what is known about a pair for its line in the journal.

use std::time::Instant;

use super::worker::Work;
use crate::batch::journal::{self, Failure, Options, Record};
use crate::batch::manifest::Pair;
use crate::cli::options::PairOptions;
use crate::error::Error;
use crate::exit::Exit;
use crate::judge::{Judge, Judged};
use crate::photo::Stamp;
use crate::values::tag::RequestTag;

#[derive(Default)]
pub(super) struct Facts {
    pub(super) photos: [Option<String>; 2],
    pub(super) files: [Option<Stamp>; 2],
    /// Of photos that were encoded again.
    pub(super) sent_sizes: [Option<(u32, u32)>; 2],
    /// When the request was announced in the journal.
    pub(super) sent_at: Option<String>,
    pub(super) tag: Option<RequestTag>,
    pub(super) started: Option<Instant>,
    pub(super) attempts: u32,
    pub(super) body: Option<Vec<u8>>,
}

impl Facts {
    pub(super) fn is_same_file(&self) -> bool {
        let [user, reference] = &self.photos;
        user.is_some() && user == reference
    }
}

impl Work {
    pub(super) fn options(&self, options: &PairOptions) -> Options {
        Options {
            rotate: options.sent.rotate,
            save: !options.sent.no_save,
            vendor_data: options.sent.vendor_data.clone(),
            metadata: options.sent.metadata.clone(),
            review_below: options.review_below.map(|limit| limit.to_string()),
            judged_by: self.judged_by.clone(),
            one_face: options.one_face,
            review_young: options.review_young,
            different_photos: options.different_photos,
        }
    }

    /// The service's clock minus ours, once it has answered.
    fn clock_offset_ms(&self) -> Option<i64> {
        match self.judge.as_ref()? {
            Judge::Service(client) => i64::try_from(client.clock_offset()?.as_millis()).ok(),
            Judge::Engine => None,
        }
    }

    pub(super) fn line(
        &self,
        pair: &Pair,
        facts: &Facts,
        result: Option<Result<&Judged, &Error>>,
    ) -> Record {
        let [user_image, ref_image] = pair.photos.clone();
        let [user_sha256, ref_sha256] = facts.photos.clone();
        let elapsed = facts.started.map_or(0, |started| started.elapsed().as_millis());
        let line = Record {
            id: pair.id.clone(),
            user_image,
            ref_image,
            user_sha256,
            ref_sha256,
            threshold: journal::number(&pair.options.sent.threshold),
            attempts: facts.attempts,
            elapsed_ms: u64::try_from(elapsed).unwrap_or(u64::MAX),
            finished_at: journal::now(),
            response: facts.body.as_deref().and_then(journal::response),
            extra: pair.extra.clone(),
            options: self.options(&pair.options),
            sent_at: facts.sent_at.clone(),
            tag: facts.tag,
            files: match facts.files.clone() {
                [Some(user), Some(reference)] => Some([user, reference]),
                _ => None,
            },
            sent_sizes: (facts.sent_sizes != [None, None]).then_some(facts.sent_sizes),
            by_row: pair.by_row,
            row: Some(pair.row + 1),
            clock_offset_ms: self.clock_offset_ms(),
            ..Record::default()
        };
        match result {
            None => line,
            Some(Ok(Judged { verdict, details, warnings, .. })) => {
                let (request_id, warnings) = (details.request_id.clone(), warnings.clone());
                Record { request_id, warnings, ..line }.with_verdict(verdict)
            }
            Some(Err(e)) => Record {
                exit_code: Exit::from(e.kind()).code(),
                error: Some(Failure::from(e)),
                attempts: e.tries().max(facts.attempts),
                ..line
            },
        }
    }
}
