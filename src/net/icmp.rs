//! Asks the kernel to tell when a packet came back as one that nobody has taken. The only file here with an `unsafe`.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;

/// From now on a send to a computer that is not there fails, once such an answer has come: without it only a closed port is
/// told (ip(7), IP_RECVERR).
pub(super) fn tell_icmp_errors(socket: &UdpSocket, target: SocketAddr) -> io::Result<()> {
    let (level, option) = match target {
        SocketAddr::V4(_) => (libc::IPPROTO_IP, libc::IP_RECVERR),
        SocketAddr::V6(_) => (libc::IPPROTO_IPV6, libc::IPV6_RECVERR),
    };
    let on: libc::c_int = 1;
    let size = size_of::<libc::c_int>() as libc::socklen_t;
    // SAFETY: the socket is open, and the value is as long as it is said to be.
    let outcome =
        unsafe { libc::setsockopt(socket.as_raw_fd(), level, option, (&raw const on).cast(), size) };
    if outcome == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
