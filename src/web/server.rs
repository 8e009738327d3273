//! The server itself, on a thread of its own. The only file that names axum, hyper and tokio: other pages and other
//! protocols that need a runtime take it from here. Knows no site.
//!
//! It is made for browsers on the same machine, and bounds what others can take of it: how many connections there are, how
//! long a head or a body may take, and how large they are.

use std::convert::Infallible;
use std::io::{self, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request as HttpRequest, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::future::{select, select_all};
use futures_util::stream::{self, Stream, StreamExt};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, broadcast, oneshot};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{sleep, timeout};

use super::access::{Access, Destination, Refused, RequestHead};
use super::byte_range::ByteRange;
use super::connections::{IsKnown, PageConnections};
use super::page_answer::{PageAnswer, PageBody, Ranged};
use super::site::{PageEvent, PageMethod, PageRequest, Site};

/// A browser has six to one server; this is room for many windows.
const MOST_CONNECTIONS: usize = 128;
/// And for so many windows that hear events.
const MOST_LISTENERS: usize = 32;
/// How long the head of a request, or the next one, may take to come.
const HEAD_PATIENCE: Duration = Duration::from_secs(5);
const BODY_PATIENCE: Duration = Duration::from_secs(10);
/// Of a head, in bytes.
const LARGEST_HEAD: usize = 16 * 1024;
const MOST_HEADERS: usize = 64;
/// Of a body, in bytes.
const LARGEST_BODY: usize = 64 * 1024;
/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;
/// Requests that wait for a disk at the same time.
const MOST_BLOCKED: usize = 8;
/// How often a stream of events shows that it is alive.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);
/// Events that wait for a page that reads slowly; of more, the oldest are left out.
const EVENTS_KEPT: usize = 64;
/// Before the next attempt, where no connection can be taken: the process has no file descriptor left, say.
const PAUSE: Duration = Duration::from_millis(50);
/// When the site panics.
const NO_ANSWER: Refused = (500, "the server could not answer; see where it was started");
/// How long an end waits for a request that waits for a disk.
const END_PATIENCE: Duration = Duration::from_millis(200);

/// Serves a site until it is dropped; then every connection is closed at once.
#[derive(Debug)]
pub struct WebServer {
    events: broadcast::Sender<PageEvent>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

struct Served {
    access: Arc<Access>,
    site: Arc<dyn Site>,
    events: broadcast::Sender<PageEvent>,
    listeners: Arc<Semaphore>,
}

impl WebServer {
    /// Takes a port of 127.0.0.1: this one, or a free one.
    ///
    /// # Errors
    /// When the port is taken, or may not be.
    pub fn port(wanted: Option<u16>) -> io::Result<TcpListener> {
        TcpListener::bind((Ipv4Addr::LOCALHOST, wanted.unwrap_or(0)))
    }

    /// Serves `site` at `listener` to those whom `access` lets in.
    ///
    /// # Errors
    /// When the system has no room for a thread and its poll.
    pub fn start(listener: TcpListener, access: Arc<Access>, site: Arc<dyn Site>) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let runtime =
            Builder::new_current_thread().enable_all().max_blocking_threads(MOST_BLOCKED).build()?;
        let events = broadcast::Sender::new(EVENTS_KEPT);
        let (stop, stopped) = oneshot::channel();
        let listeners = Arc::new(Semaphore::new(MOST_LISTENERS));
        let served = Arc::new(Served { access, site, events: events.clone(), listeners });
        let work = move || serve(runtime, listener, served, stopped);
        let thread = thread::Builder::new().name("web".into()).spawn(work)?;
        Ok(Self { events, stop: Some(stop), thread: Some(thread) })
    }

    /// Tells every page that is open.
    pub fn tell(&self, event: PageEvent) {
        // It may be that no page is open.
        let _ = self.events.send(event);
    }
}

impl Drop for WebServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic there has been told already.
            let _ = thread.join();
        }
    }
}

fn serve(runtime: Runtime, listener: TcpListener, served: Arc<Served>, stopped: oneshot::Receiver<()>) {
    runtime.block_on(async {
        let accepting = Box::pin(accept(listener, served));
        select(accepting, stopped).await;
    });
    runtime.shutdown_timeout(END_PATIENCE);
}

async fn accept(listener: TcpListener, served: Arc<Served>) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return log::error!("the server cannot wait for requests: {error}"),
    };
    let mut connections = PageConnections::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(PAUSE).await;
            continue;
        };
        make_room(&mut connections).await;
        let is_known = IsKnown::default();
        let state = (Arc::clone(&served), is_known.clone());
        let service = TowerToHyperService::new(Router::new().fallback(answer).with_state(state));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_PATIENCE)
            .max_buf_size(LARGEST_HEAD)
            .max_headers(MOST_HEADERS)
            .serve_connection(TokioIo::new(stream), service);
        // A browser that goes away is no news.
        connections.add(tokio::spawn(async { _ = connection.await }), is_known);
    }
}

/// For one more. It waits only if all who are connected are known.
async fn make_room(connections: &mut PageConnections<JoinHandle<()>>) {
    connections.forget(JoinHandle::is_finished);
    while connections.count() >= MOST_CONNECTIONS {
        match connections.take_stranger() {
            Some(stranger) => {
                stranger.abort();
                // Aborted or over: its place is free.
                let _ = stranger.await;
            }
            None => {
                let _ = select_all(connections.all()).await;
                connections.forget(JoinHandle::is_finished);
            }
        }
    }
}

async fn answer(State((served, is_known)): State<(Arc<Served>, IsKnown)>, request: HttpRequest) -> Response {
    let (parts, body) = request.into_parts();
    let mut response = match asked(&served, &parts.method, &parts.uri, &parts.headers, body).await {
        Ok(None) => to_the_page(&served.access),
        Ok(Some(request)) => {
            is_known.set();
            let site = Arc::clone(&served.site);
            match spawn_blocking(move || site.answer(&request)).await {
                Ok(answer) => response(answer, &served, &parts.headers).await,
                Err(_) => words(NO_ANSWER),
            }
        }
        Err(refused) => closing(words(refused)),
    };
    if parts.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    protect(response.headers_mut());
    response
}

/// The request, if it is let in; `None` if it has a ticket.
async fn asked(
    served: &Served,
    method: &Method,
    uri: &axum::http::Uri,
    headers: &HeaderMap,
    body: Body,
) -> Result<Option<PageRequest>, (u16, &'static str)> {
    let only = |name: HeaderName| {
        let mut all = headers.get_all(name).iter();
        all.next().filter(|_| all.next().is_none()).and_then(|value| value.to_str().ok())
    };
    if uri.authority().is_some() {
        return Err((421, "this server is no proxy"));
    }
    let only_reads = [Method::GET, Method::HEAD].contains(method);
    let head =
        RequestHead { path: uri.path(), host: only(header::HOST), origin: only(header::ORIGIN), only_reads };
    let path = match served.access.destination(&head)? {
        Destination::Page => return Ok(None),
        Destination::Path(path) => path.to_owned(),
    };
    if only_reads {
        return Ok(Some(PageRequest { method: PageMethod::Get, path, body: Vec::new() }));
    }
    if method != Method::PUT {
        return Err((405, "GET, HEAD and PUT are all that this server knows"));
    }
    match timeout(BODY_PATIENCE, to_bytes(body, LARGEST_BODY)).await {
        Ok(Ok(body)) => Ok(Some(PageRequest { method: PageMethod::Put, path, body: body.into() })),
        Ok(Err(_)) => Err((413, "this is too large")),
        Err(_) => Err((408, "this took too long")),
    }
}

fn words((status, words): (u16, &str)) -> Response {
    plain(PageAnswer::words(status, words), Vec::new().into())
}

/// Whoever is refused may ask once a connection: else answers that nobody reads would keep it open for ever.
fn closing(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

fn to_the_page(access: &Access) -> Response {
    let mut response = words((303, "the page is elsewhere"));
    if let Ok(address) = HeaderValue::try_from(access.page()) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    response
}

/// With the status and the type of `answer`, and another body.
fn plain(answer: PageAnswer, other: Body) -> Response {
    let body = match answer.body {
        PageBody::Bytes(bytes) => Body::from(bytes),
        PageBody::Static(text) => Body::from(text),
        PageBody::Ranged(_) | PageBody::Events => other,
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.media_type));
    response
}

async fn response(answer: PageAnswer, served: &Arc<Served>, headers: &HeaderMap) -> Response {
    match &answer.body {
        PageBody::Bytes(_) | PageBody::Static(_) => plain(answer, Body::empty()),
        PageBody::Events => events(served).await,
        PageBody::Ranged(what) => {
            let what = Arc::clone(what);
            let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
            let length = what.length();
            let (status, part) = match ByteRange::of(range, length) {
                ByteRange::All => (StatusCode::OK, 0..length),
                ByteRange::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
                ByteRange::Beyond => (StatusCode::RANGE_NOT_SATISFIABLE, 0..0),
            };
            let shown = match status {
                StatusCode::PARTIAL_CONTENT => {
                    Some(format!("bytes {}-{}/{length}", part.start, part.end - 1))
                }
                StatusCode::RANGE_NOT_SATISFIABLE => Some(format!("bytes */{length}")),
                _ => None,
            };
            let count = part.end - part.start;
            let mut response = plain(answer, Body::from_stream(pieces(what, part.start, count)));
            *response.status_mut() = status;
            let own = response.headers_mut();
            own.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
            own.insert(header::CONTENT_LENGTH, count.into());
            if let Some(shown) = shown.and_then(|shown| HeaderValue::try_from(shown).ok()) {
                own.insert(header::CONTENT_RANGE, shown);
            }
            response
        }
    }
}

/// How far a body is sent.
enum Sending {
    NotBegun(Arc<dyn Ranged>, u64),
    Begun(Box<dyn Read + Send>),
}

/// `count` bytes from `place` on. Read when the browser wants them: no thread waits for one that does not read.
fn pieces(what: Arc<dyn Ranged>, place: u64, count: u64) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold((Sending::NotBegun(what, place), count), |(sending, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let read = move || {
            let mut reader = match sending {
                Sending::NotBegun(what, place) => what.open_at(place)?,
                Sending::Begun(reader) => reader,
            };
            let mut piece = vec![0; left.min(PIECE as u64) as usize];
            // A file that has become shorter ends the connection: its length was told already.
            reader.read_exact(&mut piece)?;
            Ok::<_, io::Error>((reader, piece))
        };
        let (reader, piece) = spawn_blocking(read).await.map_err(io::Error::other)??;
        let left = left - piece.len() as u64;
        Ok(Some((Bytes::from(piece), (Sending::Begun(reader), left))))
    })
}

async fn events(served: &Arc<Served>) -> Response {
    let Ok(place) = Arc::clone(&served.listeners).try_acquire_owned() else {
        return words((503, "too many windows show this page"));
    };
    // First the ear, then how things are: nothing that happens in between is lost.
    let heard = served.events.subscribe();
    let site = Arc::clone(&served.site);
    let Ok(first) = spawn_blocking(move || site.first_events()).await else { return words(NO_ANSWER) };
    let first = stream::iter(first);
    let later = stream::unfold((heard, place), |(mut heard, place)| async move {
        loop {
            match heard.recv().await {
                Ok(event) => return Some((event, (heard, place))),
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    });
    let told = first
        .chain(later)
        .map(|event| Ok::<_, Infallible>(Event::default().event(event.name).data(event.data)));
    Sse::new(told).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)).into_response()
}

/// What a browser must not do with any answer of this server.
fn protect(headers: &mut HeaderMap) {
    const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                          media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                          frame-ancestors 'none'";
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
