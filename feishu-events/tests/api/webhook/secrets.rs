//! Which secrets a webhook is built with.

use feishu_events::{Webhook, WebhookBuildError};

use super::{KEY, TOKEN, handlers};

#[test]
fn without_a_secret_there_is_no_webhook_unless_asked_for() {
    let builder = || Webhook::builder(handlers()).encrypt_key("");
    let missing = WebhookBuildError::NoSecret;
    assert_eq!(builder().build().unwrap_err(), missing);
    assert!(builder().insecure_accept_anything().build().is_ok());
    // The callbacks of old cards are signed with the token.
    let legacy_cards = Webhook::builder(handlers()).legacy_cards();
    assert_eq!(legacy_cards.encrypt_key(KEY).build().unwrap_err(), missing);
}

#[test]
fn a_secret_with_a_line_end_or_a_blank_around_it_is_refused_by_name() {
    for damaged in [
        format!("{KEY}\n"),
        format!("{KEY}\r\n"),
        format!(" {KEY}"),
        format!("{KEY}\u{3000}"),
        "two\nlines".to_owned(),
        "\n".to_owned(),
    ] {
        let builder = || Webhook::builder(handlers()).verification_token(TOKEN);
        let refused = builder().encrypt_key(&damaged).build().unwrap_err();
        assert_eq!(refused, WebhookBuildError::EncryptKey, "{damaged:?}");
        assert!(
            refused.to_string().starts_with("the encrypt key"),
            "{refused}"
        );
        let refused = builder().verification_token(&damaged).build().unwrap_err();
        assert_eq!(refused, WebhookBuildError::VerificationToken, "{damaged:?}");
        assert!(refused.to_string().contains("token"), "{refused}");
        assert!(!refused.to_string().contains(&damaged), "{refused}");
    }
    // The documentation's own example has a blank inside.
    let builder = Webhook::builder(handlers()).encrypt_key("test key");
    assert!(builder.build().is_ok());
}
