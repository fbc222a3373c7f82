//! The tests are in `tests/`; they need a package whose manifest turns on one service.
