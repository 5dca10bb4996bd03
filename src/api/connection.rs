//! The connection itself: every byte of a call leaves and comes in here, none of it after the call's
//! time is up, and nothing unseen.
//!
//! ureq gives each step (the proxy's answer, the handshake, each read of an answer) the time that was
//! left when a larger step began; whoever answers byte by byte could have it over and over again. So
//! the time is kept here, as a moment that does not move, and whatever is asked of the socket is asked
//! for what is left until then.

use crate::address::is_this_machine;
use crate::crash_point::{self, Point};
use std::cell::Cell;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};
use zeroize::Zeroize;

thread_local! {
    /// When this thread's call must have ended, or sooner the step of it that has less time.
    static UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
    /// Something of the request of this thread's call was handed to a standing connection.
    static SENT: Cell<bool> = const { Cell::new(false) };
    /// This thread is making a connection: what a proxy is told is not the request.
    static CONNECTING: Cell<bool> = const { Cell::new(false) };
}

/// A call of this thread begins to send a request, and is to end by `deadline`.
pub(super) fn begin(deadline: Instant) {
    UNTIL.set(Some(deadline));
    SENT.set(false);
}

/// Whether anything of the request has left.
pub(super) fn has_sent() -> bool {
    SENT.get()
}

/// What is left for one step of the call.
fn left(step: NextTimeout) -> Result<Duration, ureq::Error> {
    let until = UNTIL.get();
    let call = until.map(|until| until.saturating_duration_since(Instant::now()));
    let left = call.map_or(*step.after, |call| call.min(*step.after));
    match left.is_zero() {
        true => Err(ureq::Error::Timeout(step.reason)),
        false => Ok(left),
    }
}

/// While it lives, this thread is making a connection, in the time for that. A value, so that a panic
/// ends it too.
struct Connecting {
    until: Option<Instant>,
    outermost: bool,
}

impl Connecting {
    fn begin(time: NextTimeout) -> Connecting {
        let before = Connecting {
            until: UNTIL.get(),
            outermost: !CONNECTING.replace(true),
        };
        let connected = Instant::now().checked_add(*time.after);
        UNTIL.set(match (before.until, connected) {
            (Some(call), Some(connected)) => Some(call.min(connected)),
            (one, other) => one.or(other),
        });
        before
    }
}

impl Drop for Connecting {
    fn drop(&mut self) {
        UNTIL.set(self.until);
        if self.outermost {
            CONNECTING.set(false);
        }
    }
}

/// Makes connections through `0`, and watches what is sent over them.
#[derive(Debug)]
pub(super) struct Watched<C>(pub(super) C);

impl<C: Connector<()>> Connector<()> for Watched<C> {
    type Out = Witness<C::Out>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let _connecting = Connecting::begin(details.timeout);
        Ok(self.0.connect(details, chained)?.map(Witness))
    }
}

/// A connection whose first sent byte is noticed.
#[derive(Debug)]
pub(super) struct Witness<T>(T);

impl<T: Transport> Transport for Witness<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let of_request = !CONNECTING.get();
        if of_request {
            SENT.set(true);
        }
        self.0.transmit_output(amount, timeout)?;
        if of_request {
            crash_point::reached(Point::AfterSend);
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.0.await_input(timeout).map_err(cut_short)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}

/// ureq takes these errors for the end of a body whose length nobody gave. Over TLS such a body is
/// whole only where the other side has said that this is the end; otherwise anybody may have cut it.
fn cut_short(error: ureq::Error) -> ureq::Error {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionReset, UnexpectedEof};
    match error {
        ureq::Error::Io(io)
            if matches!(
                io.kind(),
                UnexpectedEof | ConnectionAborted | ConnectionReset
            ) =>
        {
            ureq::Error::Io(std::io::Error::other(io.to_string()))
        }
        other => other,
    }
}

/// What is sent in the clear goes to this machine only, and the name led to another.
#[derive(Debug)]
pub(super) struct NotThisMachine;

impl fmt::Display for NotThisMachine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads to another machine, and http is for this one only")
    }
}

impl std::error::Error for NotThisMachine {}

/// Makes plain connections, of which each read and write ends with the call.
#[derive(Debug)]
pub(super) struct Sockets {
    /// Whatever a name leads to.
    pub(super) this_machine_only: bool,
}

impl<In: Transport> Connector<In> for Sockets {
    type Out = Either<In, Socket>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        if let Some(transport) = chained {
            return Ok(Some(Either::A(transport)));
        }
        let all = details.addrs.iter().copied();
        let addresses: Vec<SocketAddr> = all
            .filter(|address| !self.this_machine_only || is_this_machine(address.ip()))
            .collect();
        if addresses.is_empty() {
            return Err(io::Error::other(NotThisMachine).into());
        }
        let stream = connect(&addresses, details.timeout)?;
        stream.set_nodelay(true)?;
        Ok(Some(Either::B(Socket {
            stream,
            buffers: LazyBuffers::new(
                details.config.input_buffer_size(),
                details.config.output_buffer_size(),
            ),
        })))
    }
}

/// The first address that answers. Each but the last has half of the time that is left, so that one
/// that is silent leaves something for the others.
fn connect(addresses: &[SocketAddr], timeout: NextTimeout) -> Result<TcpStream, ureq::Error> {
    let mut last = ureq::Error::ConnectionFailed;
    for (at, address) in addresses.iter().enumerate() {
        let left = left(timeout)?;
        let share = match at + 1 == addresses.len() {
            true => left,
            false => left.div_f32(2.0),
        };
        match TcpStream::connect_timeout(address, share) {
            Ok(stream) => return Ok(stream),
            Err(error) if is_timeout(&error) => last = ureq::Error::Timeout(timeout.reason),
            Err(error) => last = error.into(),
        }
    }
    Err(last)
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
    )
}

/// A plain connection.
pub(super) struct Socket {
    stream: TcpStream,
    buffers: LazyBuffers,
}

/// Without what is sent and answered.
impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Socket {:?}", self.stream)
    }
}

impl Transport for Socket {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let output = &mut self.buffers.output()[..amount];
        let written = write(&mut self.stream, output, timeout);
        // The connection is kept; what was sent over it, credentials too, is not.
        output.zeroize();
        written
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        loop {
            self.stream.set_read_timeout(Some(left(timeout)?))?;
            match self.stream.read(self.buffers.input_append_buf()) {
                Ok(amount) => {
                    self.buffers.input_appended(amount);
                    return Ok(amount > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_timeout(&error) => {
                    return Err(ureq::Error::Timeout(timeout.reason));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Nothing is asked, so nothing is to come: an end, or a word out of turn, is the end of it.
    fn is_open(&mut self) -> bool {
        let mut stream = &self.stream;
        stream.set_nonblocking(true).is_ok()
            && stream
                .read(&mut [0])
                .is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
            && stream.set_nonblocking(false).is_ok()
    }
}

/// All of it, however little the other side takes at a time.
fn write(stream: &mut TcpStream, mut rest: &[u8], timeout: NextTimeout) -> Result<(), ureq::Error> {
    while !rest.is_empty() {
        stream.set_write_timeout(Some(left(timeout)?))?;
        match stream.write(rest) {
            Ok(0) => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
            Ok(amount) => rest = &rest[amount..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if is_timeout(&error) => return Err(ureq::Error::Timeout(timeout.reason)),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
