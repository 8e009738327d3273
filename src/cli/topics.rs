//! The pages of `starcourt help rig` and `starcourt help show`, and what `starcourt help schedule` adds to its command:
//! how each of the three files is written, with an example. The examples belong together, and a test reads them.

const RIG: &str = "\
The rig: the file that describes the lights that are wired to this machine

With real pins it is /etc/starcourt/rig.toml. With simulated lights,
shows/rig.toml in the current folder is found too. `--rig FILE` names another.

Example:

    [channels]
    porch = { pin = 4, kind = \"relay\", active = \"low\" }   # on a relay board
    tree  = { pin = 17, kind = \"ssr\" }                    # a solid-state relay
    stars = { pin = 18, kind = \"pwm\" }                    # LEDs that can be dimmed

    [groups]
    yard = [\"porch\", \"tree\", \"stars\"]

You choose the names; shows use them. `pin` is the GPIO (BCM) number.

  starcourt check           lists mistakes, each with its place
  starcourt test            lights one channel after another
  starcourt doctor          finds what is missing on this machine
  starcourt help show       a show for these lights

docs/rig.md explains every key, also those of expanders for more than 28
lights, docs/network.md the lights on a network (WLED, DMX), docs/wiring.md the
wiring. The Debian package has them in /usr/share/doc/starcourt.
";

const SHOW: &str = "\
A show: a text file NAME.show, with its music beside it

It is in the folder shows of the current folder, or in /etc/starcourt/shows.
`--shows DIR` names another folder. Each line is one cue: when, who, what.

Example (shows/first.show):

    title   First light
    length  0:20                      # or the music: audio song.ogg
    tempo   120 bpm, 4/4              # only if you count in bars and beats

    # when      who       what
    0:01        porch     on
    0:03        stars     fade to 80 % over 3 s
    5.1 to 8.1  tree      strobe every 1 beat
    0:17        all       fade to off over 2 s

The names are those of your rig: `starcourt help rig`. A time with a colon is
minutes and seconds; 5.1 is bar 5, beat 1.

  starcourt check first                    lists mistakes, each with its place
  starcourt play first                     plays it
  starcourt play first --output sim        plays it on the screen only
  starcourt play first --from 0:10         from 10 seconds on

docs/cue-sheet.md teaches the language. The Debian package has it in
/usr/share/doc/starcourt.
";

/// Which way to end is for what.
pub(super) const WAYS_TO_END: &str = "\
Ways to end:
  q or Ctrl-C         ends the show in this terminal; pressed twice, without the rig's stop_fade
  starcourt pause     freezes the show; `starcourt resume` continues it
  starcourt next      ends this show; in a pause, the next show begins
  starcourt stop      ends the show; the service then waits for `resume`, or for its next entry
  starcourt blackout  on: every light goes to its safe level while the show continues
  starcourt off       for emergencies: ends every instance and makes all channels of the rig safe
  sudo systemctl stop starcourt   ends the service; it starts again at the next boot";

pub(super) const SCHEDULE: &str = "\
The schedule is /etc/starcourt/schedule.toml; with simulated lights, also
schedule.toml beside the shows. A file for the show `first`:

    [schedule]
    evenings = { play = \"first\", days = \"mon to thu\", from = \"17:30\", to = \"21:30\" }
    weekend  = { play = \"first\", days = \"fri to sun\", from = \"17:00\", to = \"23:00\" }

`starcourt serve` follows it. docs/schedule.md explains every key.

Examples:
  starcourt schedule
  starcourt schedule --at 2026-12-24 --days 3
  starcourt schedule --rehearse     every start and end, to the second";

/// The page about `topic`, if it is a file and no command.
pub(super) fn page(topic: &str) -> Option<&'static str> {
    match topic {
        "rig" | "rig.toml" => Some(RIG),
        "show" | "cue-sheet" => Some(SHOW),
        _ => None,
    }
}
