//! A person's own files, where there are any: `STARCOURT_MUSIC_FOLDER=~/Music cargo test --test music own`.

use std::path::Path;

use crate::compare::{Kind, Table, compare};

#[test]
fn own_files_are_as_long_and_sound_as_ffmpeg_decodes_them() {
    let Some(folder) = std::env::var_os("STARCOURT_MUSIC_FOLDER") else { return };
    let table = Table::default();
    let mut files: Vec<_> =
        Path::new(&folder).read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        println!("{}", file.display());
        compare(&table, "own", Kind::Lossy, &file, "");
    }
    println!("{}", table.text());
}
