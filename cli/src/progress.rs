//! A bar while there is something to wait for, for who is watching; never on a pipe.

use crate::console::Console;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// A bar, or nothing.
pub struct Progress(ProgressBar);

impl Progress {
    /// Of so many; 0: nobody knows.
    pub fn of(console: &Console, count: u64, what: &str) -> Progress {
        let target = match console.is_watched {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let (count, form) = match count {
            0 => (None, "{spinner} {msg} {elapsed}"),
            count => (Some(count), "{msg} [{bar:30}] {pos}/{len} {elapsed}"),
        };
        let bar = ProgressBar::with_draw_target(count, target).with_message(what.to_owned());
        if let Ok(style) = ProgressStyle::with_template(form) {
            bar.set_style(style.progress_chars("=> ").tick_chars("|/-\\ "));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Progress(bar)
    }

    /// So many are done, of so many.
    pub fn at(&self, done: u64, of: u64) {
        self.0.set_length(of);
        self.0.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
