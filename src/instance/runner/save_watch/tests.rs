//! The watch without a kernel that tells it anything: it looks at the files itself.

use std::fs;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use super::*;
use crate::instance::runner::WatchedFiles;
use crate::rig;

const RIG: &str = "[channels]\nneon = { sim = 1, kind = \"pwm\" }\n";
/// Far longer than a look takes; a failure waits for it.
const SOON: Duration = Duration::from_secs(20);

struct Watched {
    folder: tempfile::TempDir,
    news: Receiver<WatchNews>,
    over: Sender<WatchMessage>,
}

impl Watched {
    fn start(keeps_rig: Option<&'static str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (sheet, rig_file) = (folder.path().join("a.show"), folder.path().join("rig.toml"));
        fs::write(&sheet, text(10)).unwrap();
        fs::write(&rig_file, RIG).unwrap();
        let files = WatchedFiles {
            sheet,
            rig: rig_file.clone(),
            keeps_rig,
            from: None,
            to: None,
            looped: false,
            look: crate::audio::measure,
            warnings: Box::new(|_| None),
        };
        let mut reading = FileReading::new(files, Arc::new(rig::load(&rig_file).unwrap().0));
        let (saved, _) = reading.read().unwrap_or_else(|failure| panic!("{}", failure.words()));
        let ((tx, news), (over, messages)) = (channel(), channel());
        thread::spawn(move || {
            let mut watch = WatchThread {
                reading,
                taken: saved.edition,
                mistakes: None,
                tell: Box::new(move |news| tx.send(news).is_ok()),
                settling: Settling::default(),
                versions: Vec::new(),
                events: None,
                told: Vec::new(),
            };
            watch.run(&messages);
        });
        Self { folder, news, over }
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// The next news, in words.
    #[track_caller]
    fn told(&self) -> String {
        match self.news.recv_timeout(SOON).expect("it is told within a second") {
            WatchNews::Saved(Saved::Show(saved)) => saved.edition.loaded.show.title.clone(),
            WatchNews::Saved(Saved::Mistakes(mistakes)) => mistakes.words,
            WatchNews::Notice(words) => words,
            WatchNews::Saved(Saved::AsBefore) => "as before".to_owned(),
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.over.send(WatchMessage::Over);
    }
}

fn text(percent: u32) -> String {
    format!("title  Save {percent}\nlength  0:30\n0:00  neon  {percent} %\n")
}

#[test]
fn each_save_is_told_once_also_where_the_kernel_tells_nothing() {
    let watched = Watched::start(None);
    watched.write("a.show", &text(20));
    assert_eq!(watched.told(), "Save 20");
    watched.write("a.show", &text(20));
    watched.write("a.show", "0:00  noen  on\n");
    assert!(watched.told().contains("did you mean `neon`?"));
    watched.write("a.show", &text(20));
    assert_eq!(watched.told(), "as before");
    watched.write("rig.toml", &RIG.replace("sim = 1", "sim = 2"));
    assert_eq!(watched.told(), "Save 20");
    fs::remove_file(watched.folder.path().join("a.show")).unwrap();
    assert!(watched.told().contains("there is no such file"));
    watched.write("a.show", &text(30));
    assert_eq!(watched.told(), "Save 30");
}

#[test]
fn a_rig_that_is_kept_is_told_once_and_the_text_is_followed() {
    let watched = Watched::start(Some("its lights are real"));
    watched.write("rig.toml", &RIG.replace("sim = 1", "sim = 2"));
    let told = watched.told();
    assert!(told.ends_with("has changed; this show keeps the rig with which it began: its lights are real"));
    watched.write("a.show", &text(20));
    assert_eq!(watched.told(), "Save 20");
}
