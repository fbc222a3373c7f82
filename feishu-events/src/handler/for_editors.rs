//! Code that a macro writes for editors: where a name is incomplete or wrong, they complete it there,
//! while the compiler has an error of the macro for it and should not add its own.

/// Expands to nothing, unless rust-analyzer reads the program: it sets this cfg.
#[doc(hidden)]
#[macro_export]
#[cfg(not(rust_analyzer))]
macro_rules! __for_editors {
    ($($code:tt)*) => {};
}

/// Expands to the code: rust-analyzer reads the program.
#[doc(hidden)]
#[macro_export]
#[cfg(rust_analyzer)]
macro_rules! __for_editors {
    ($($code:tt)*) => { $($code)* };
}

pub use __for_editors as for_editors;
