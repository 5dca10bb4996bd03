//! A connection that can be told to misbehave.
//!
//! What a fault does below HTTP (no answer, half an answer, an answer that is not HTTP)
//! cannot be said to an HTTP server: it would refuse to. So the server writes its answer
//! as always, into a [`FaultyStream`], and that does with the bytes what the [`Plan`]
//! of the moment says. The handler of a request sets the plan through the [`Wire`] it
//! shares with the stream; each request starts with [`Plan::Pass`].

use serde::{Deserialize, Serialize};
use std::future::Future;
use std::io::{Error, ErrorKind, Result};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tokio_rustls::server::TlsStream;

/// Which part of an answer a number of bytes is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// From the first byte of the status line.
    Answer,
    /// From the first byte of the body; the head passes unharmed.
    Body,
}

/// What happens to the bytes of the next answer.
pub enum Plan {
    Pass,
    /// The connection ends without a byte.
    Close,
    /// The same, and not politely: RST instead of FIN.
    Reset,
    /// Other bytes take the answer's place, then the connection ends; over TLS without a word, or with
    /// its close_notify.
    Replace {
        others: Vec<u8>,
        close_notify: bool,
    },
    /// The connection ends after `left` more bytes.
    Cut {
        head: Head,
        left: usize,
    },
    /// The bytes come slowly.
    Drip {
        head: Head,
        bytes_per_s: u32,
    },
}

impl Plan {
    pub fn cut(of: Part, bytes: usize) -> Plan {
        Plan::Cut {
            head: Head::of(of),
            left: bytes,
        }
    }

    pub fn drip(of: Part, bytes_per_s: u32) -> Plan {
        Plan::Drip {
            head: Head::of(of),
            bytes_per_s: bytes_per_s.max(1),
        }
    }
}

/// Finds the empty line that ends the head of an answer, across any number of writes.
pub struct Head {
    /// How many bytes of "\r\n\r\n" have just been seen; four: the head is over.
    seen: usize,
}

impl Head {
    const END: &[u8] = b"\r\n\r\n";

    /// Where nothing is to be spared, the head counts as over already.
    fn of(part: Part) -> Head {
        Head {
            seen: match part {
                Part::Answer => Head::END.len(),
                Part::Body => 0,
            },
        }
    }

    fn is_over(&self) -> bool {
        self.seen == Head::END.len()
    }

    /// How many of these bytes still belong to the head.
    fn length_in(&self, bytes: &[u8]) -> usize {
        if self.is_over() {
            return 0;
        }
        let mut scan = Head { seen: self.seen };
        bytes
            .iter()
            .position(|&b| {
                scan.step(b);
                scan.is_over()
            })
            .map_or(bytes.len(), |last| last + 1)
    }

    fn advance(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.step(b);
        }
    }

    fn step(&mut self, b: u8) {
        self.seen = match self.seen {
            4 => 4,
            n if b == Head::END[n] => n + 1,
            _ if b == b'\r' => 1,
            _ => 0,
        };
    }
}

/// The handler's end of the connection.
#[derive(Clone)]
pub struct Wire(Arc<Mutex<Plan>>);

impl Default for Wire {
    fn default() -> Self {
        Wire(Arc::new(Mutex::new(Plan::Pass)))
    }
}

impl Wire {
    pub fn plan(&self, plan: Plan) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = plan;
    }
}

/// With TLS or without.
pub enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    fn tcp(&self) -> &TcpStream {
        match self {
            Stream::Plain(tcp) => tcp,
            Stream::Tls(tls) => tls.get_ref().0,
        }
    }

    fn write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        match self {
            Stream::Plain(tcp) => Pin::new(tcp).poll_write(cx, bytes),
            Stream::Tls(tls) => Pin::new(tls).poll_write(cx, bytes),
        }
    }

    fn flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        match self {
            Stream::Plain(tcp) => Pin::new(tcp).poll_flush(cx),
            Stream::Tls(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn shutdown(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        match self {
            Stream::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Stream::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}

/// What the HTTP server writes to.
pub struct FaultyStream {
    stream: Stream,
    wire: Wire,
    /// The pause of a dripping answer.
    pause: Option<Pin<Box<Sleep>>>,
}

impl FaultyStream {
    pub fn new(stream: Stream, wire: Wire) -> Self {
        FaultyStream {
            stream,
            wire,
            pause: None,
        }
    }
}

/// The error makes the server drop the connection, and that closes it.
fn end_of_connection() -> Poll<Result<usize>> {
    Poll::Ready(Err(Error::new(
        ErrorKind::BrokenPipe,
        "the sandbox closes the connection",
    )))
}

/// A dripping answer comes in this many pieces a second.
const PIECES_PER_SECOND: u32 = 10;

impl AsyncWrite for FaultyStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let FaultyStream {
            stream,
            wire,
            pause,
        } = self.get_mut();
        let mut plan = wire.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *plan {
            Plan::Pass => stream.write(cx, bytes),
            Plan::Close => end_of_connection(),
            Plan::Reset => {
                // Closing with unsent data discarded is what sends RST.
                stream.tcp().set_zero_linger()?;
                end_of_connection()
            }
            Plan::Replace {
                others,
                close_notify,
            } => {
                while !others.is_empty() {
                    let written = ready!(stream.write(cx, others))?;
                    others.drain(..written);
                }
                ready!(stream.flush(cx))?;
                if *close_notify {
                    ready!(stream.shutdown(cx))?;
                }
                end_of_connection()
            }
            Plan::Cut { head, left } => {
                let harmless = head.length_in(bytes);
                let allowed = if harmless > 0 {
                    harmless
                } else {
                    bytes.len().min(*left)
                };
                if allowed == 0 {
                    ready!(stream.flush(cx))?;
                    return end_of_connection();
                }
                let written = ready!(stream.write(cx, &bytes[..allowed]))?;
                if harmless > 0 {
                    head.advance(&bytes[..written]);
                } else {
                    *left -= written;
                }
                Poll::Ready(Ok(written))
            }
            Plan::Drip { head, bytes_per_s } => {
                let harmless = head.length_in(bytes);
                if harmless > 0 {
                    let written = ready!(stream.write(cx, &bytes[..harmless]))?;
                    head.advance(&bytes[..written]);
                    return Poll::Ready(Ok(written));
                }
                if let Some(sleep) = pause {
                    // What was written before the pause must not wait with it.
                    ready!(stream.flush(cx))?;
                    ready!(sleep.as_mut().poll(cx));
                    *pause = None;
                }
                let piece = bytes_per_s.div_ceil(PIECES_PER_SECOND);
                let allowed = bytes.len().min(piece as usize);
                let written = ready!(stream.write(cx, &bytes[..allowed]))?;
                let time = Duration::from_secs(1) * written as u32 / *bytes_per_s;
                *pause = Some(Box::pin(tokio::time::sleep(time)));
                Poll::Ready(Ok(written))
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.get_mut().stream.flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.get_mut().stream.shutdown(cx)
    }
}

impl AsyncRead for FaultyStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(tcp) => Pin::new(tcp).poll_read(cx, buffer),
            Stream::Tls(tls) => Pin::new(tls).poll_read(cx, buffer),
        }
    }
}
