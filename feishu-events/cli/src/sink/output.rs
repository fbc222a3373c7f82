//! Whether anybody still reads stdout.

use crate::receive::end::End;

/// Ends when nobody reads stdout any longer: not only with the next event, which may be hours away.
#[cfg(unix)]
pub(crate) fn watch(end: &End) {
    use std::io;
    use std::os::fd::AsFd as _;

    use rustix::event::{PollFd, PollFlags, poll};

    use crate::receive::end::Why;

    let end = end.clone();
    let watching = std::thread::Builder::new().name("watch stdout".to_owned());
    let started = watching.spawn(move || {
        let stdout = io::stdout();
        // Without events to wait for, it is only an error or the end of the reader that wakes it.
        let mut watched = [PollFd::from_borrowed_fd(stdout.as_fd(), PollFlags::empty())];
        loop {
            match poll(&mut watched, None) {
                Ok(_)
                    if watched[0]
                        .revents()
                        .intersects(PollFlags::ERR | PollFlags::HUP) =>
                {
                    return end.now(Why::OutputClosed);
                }
                Err(rustix::io::Errno::INTR) => {}
                // It cannot be watched; the next event will find out.
                Ok(_) | Err(_) => return,
            }
        }
    });
    // Without a thread for it, the next event finds out.
    drop(started);
}

/// Where this cannot be watched, the next event finds out.
#[cfg(not(unix))]
pub(crate) fn watch(_: &End) {}
