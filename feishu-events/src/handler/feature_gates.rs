//! Whether a service is there, for code that a macro writes: it gives both, what to do then and what
//! else, and the service's own macro takes one. A `cfg` in such code would ask for a feature of the
//! user's crate.

/// Expands to what is meant for a feature that is on.
#[doc(hidden)]
#[macro_export]
macro_rules! __feature_on {
    ({ $($on:tt)* } { $($off:tt)* }) => { $($on)* };
}

/// Expands to what is meant for a feature that is off.
#[doc(hidden)]
#[macro_export]
macro_rules! __feature_off {
    ({ $($on:tt)* } { $($off:tt)* }) => { $($off)* };
}
