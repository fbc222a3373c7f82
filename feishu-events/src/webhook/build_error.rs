//! Why a webhook cannot be built.

use std::fmt;

/// A webhook was built with an invalid secret, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookBuildError {
    /// There is neither an encrypt key nor a verification token, so it could not verify that requests
    /// come from the platform.
    NoSecret,
    /// An encrypt key is blank, or contains a line end or another control character.
    EncryptKey,
    /// A verification token begins or ends with whitespace, or contains a control character.
    VerificationToken,
}

impl fmt::Display for WebhookBuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = match self {
            Self::NoSecret => {
                return f.write_str(
                    "a webhook needs the app's encrypt key or verification token, which the \
                     developer console shows under Events & Callbacks, Encryption Strategy; the \
                     callbacks of old cards need the token. For tests, there is \
                     `.insecure_accept_anything()`",
                );
            }
            Self::EncryptKey => "encrypt key is blank, or has a line end in it",
            Self::VerificationToken => {
                "verification token begins or ends with whitespace, or has a line end in it"
            }
        };
        write!(
            f,
            "the {problem}: was it read from a file or a variable with a line end? Copy it again, or \
             use `.trim()`"
        )
    }
}

impl std::error::Error for WebhookBuildError {}
