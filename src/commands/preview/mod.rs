//! `starcourt preview`: a show in the browser, with its lamps and its sound. Drives no light.

mod beside;
mod browser;
mod export;
mod follow;
mod layout_file;
mod music;
mod site;
mod source;

use std::env;
use std::io::stderr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow};

use crate::cli::PreviewOptions;
use crate::printable::printable;
use crate::spool;
use crate::web::{Access, WebServer};

use super::files;
use super::music_file;
use super::outcome::{Failure, Outcome};
use super::printed::{self, answer};
use super::which_show::{no_show, which_show};
use browser::Browser;
use site::PreviewSite;
use source::PreviewSource;

pub(super) fn preview(name: Option<&str>, options: &PreviewOptions) -> Result<Outcome, Failure> {
    let name = name.ok_or_else(|| which_show("preview", &options.stage))?;
    let file = export::PageFile::of(options)?;
    if music_file::is_file(name) {
        return Err(no_show(Path::new(name), &files::show_places(&options.stage)));
    }
    let source = PreviewSource::read(name, options)?;
    for line in &source.remarks {
        spool::print_line(&stderr(), &printable(line));
    }
    match file {
        Some(file) => answer((export::written(source, &file)?, Outcome::Done)),
        None => serve(source, options),
    }
}

/// Serves the page until somebody ends it.
fn serve(source: PreviewSource, options: &PreviewOptions) -> Result<Outcome, Failure> {
    let inbox = follow::Inbox::open()?;
    let listener = WebServer::port(options.port).map_err(|error| match options.port {
        Some(port) => {
            anyhow!("port {port} cannot be used: {error}\n  leave --port out, and a free port is taken")
        }
        None => anyhow!("no port of this machine can be used: {error}"),
    })?;
    let port = listener.local_addr().context("looking which port was taken")?.port();
    let access = Arc::new(Access::new(port).context("making the secret of the address")?);
    let title = source.title();
    let files = source.watched();
    let edition = source.edition()?;
    let site = Arc::new(PreviewSite::new(source)?);
    let server = WebServer::start(listener, Arc::clone(&access), Arc::clone(&site) as _)
        .context("starting the server")?;
    let browser =
        if options.no_browser { Browser::NotWanted } else { Browser::of(|name| env::var(name).ok()) };
    printed::line(&format!("{title} is on this page until you press Ctrl-C:\n  {}", access.address()))?;
    for line in browser.show(&access, port)? {
        printed::line(&line)?;
    }
    follow::follow(inbox, files, edition, &site, &server)
}
