//! What was heard in a song, as others read it. Knows no way to find it.

use super::bars::HeardMeasure;
use crate::time::ShowTime;

/// What was heard of a song with a beat.
#[derive(Clone, PartialEq, Debug)]
pub struct HeardSong {
    /// From the first that is heard to the last. In 6/8 these are eighths.
    pub beats: Vec<HeardBeat>,
    pub measure: HeardMeasure,
    /// How likely it is that the beats are right, the measure, and the first beats of the bars: from 0 to 1. The bars are
    /// no surer than the beats and the measure that they count.
    pub beat_sureness: f32,
    pub measure_sureness: f32,
    pub bar_sureness: f32,
    /// Stretches in which few beats are heard.
    pub doubtful: Vec<(ShowTime, ShowTime)>,
    pub parts: Vec<HeardPart>,
    /// What happens in the song, in order of time.
    pub moments: Vec<HeardMoment>,
    /// One entry per whole bar, from the first whole bar on.
    pub bars: Vec<HeardBar>,
    /// Where the music begins and where its last sound has rung out, without silence, applause and speech around it.
    pub first_sound: ShowTime,
    pub last_sound: ShowTime,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub struct HeardBeat {
    pub at: ShowTime,
    pub begins_bar: bool,
    /// How strongly something begins on it, low, middle and high: 1 is usual around there.
    pub low: f32,
    pub middle: f32,
    pub high: f32,
    /// To the next beat, in decibels below full scale: a number below 0.
    pub loudness: f32,
}

/// Some bars that belong together.
#[derive(Clone, PartialEq, Debug)]
pub struct HeardPart {
    /// A, B, C; what is similar to A is A'.
    pub name: String,
    pub from: ShowTime,
    pub to: ShowTime,
    pub bars: usize,
    /// How loud and busy it is against the other parts: 0 is the least, 1 the most.
    pub energy: f32,
    /// `None` where that cannot be told.
    pub role: Option<PartRole>,
}

/// What a part is in its song.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PartRole {
    /// The first part, with less than what follows.
    Intro,
    /// A part that comes again, with less energy than the chorus.
    Verse,
    /// Of the parts that come again, the ones with the most energy.
    Chorus,
    /// Much less than before and after.
    Break,
    /// The last part, with much energy.
    Finale,
}

impl PartRole {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intro => "intro",
            Self::Verse => "verse",
            Self::Chorus => "chorus",
            Self::Break => "break",
            Self::Finale => "finale",
        }
    }
}

/// Something that happens in the song.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HeardMoment {
    pub from: ShowTime,
    pub to: ShowTime,
    pub kind: MomentKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MomentKind {
    /// Much less is heard than before, for some beats: the band stops, or most of it.
    Break,
    /// It grows louder or busier over bars, into the next part.
    Rise,
    /// Much more is heard from here on than just before; `to` equals `from`.
    Entry,
    /// The last sound rings out, to `to`. Weak sounds may come after the last chord of a song.
    Ending,
}

/// What a whole bar sounds like.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct HeardBar {
    pub from: ShowTime,
    pub to: ShowTime,
    /// 0 to 1 against the other bars of this song.
    pub loudness: f32,
    /// The harmony is another one than in the bar before.
    pub changes_harmony: bool,
    /// How much a single tune (a voice, a lead instrument) stands out, 0 to 1.
    pub tune: f32,
}
