//! Which secrets a webhook is built with.

use feishu_events::testing::{EventRequest, sample};
use feishu_events::{Webhook, WebhookBuildError, contact};

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

/// What a file or a variable makes of a secret.
const DAMAGED: [fn(&str) -> String; 5] = [
    |secret| format!("{secret}\n"),
    |secret| format!("{secret}\r\n"),
    |secret| format!("two\n{secret}"),
    |_| "\n".to_owned(),
    |_| " \t".to_owned(),
];

#[test]
fn a_secret_that_is_blank_or_has_a_line_end_is_refused_by_name() {
    let builder = || Webhook::builder(handlers()).verification_token(TOKEN);
    for damage in DAMAGED {
        let damaged = damage(KEY);
        let refused = builder().encrypt_key(&damaged).build().unwrap_err();
        assert_eq!(refused, WebhookBuildError::EncryptKey, "{damaged:?}");
        assert!(
            refused.to_string().starts_with("the encrypt key"),
            "{refused}"
        );
        assert!(!refused.to_string().contains(KEY), "{refused}");
    }
    let around: [fn(&str) -> String; 2] = [
        |secret| format!(" {secret}"),
        |secret| format!("{secret}\u{3000}"),
    ];
    for damage in DAMAGED.into_iter().chain(around) {
        let damaged = damage(TOKEN);
        let refused = builder().verification_token(&damaged).build().unwrap_err();
        assert_eq!(refused, WebhookBuildError::VerificationToken, "{damaged:?}");
        assert!(refused.to_string().contains("token"), "{refused}");
        assert!(!refused.to_string().contains(TOKEN), "{refused}");
    }
    // The documentation's own example has a blank inside.
    let builder = Webhook::builder(handlers()).encrypt_key("test key");
    assert!(builder.build().is_ok());
}

#[tokio::test]
async fn blanks_around_an_encrypt_key_are_part_of_it() {
    let spaced = format!("  {KEY}\t");
    let webhook = Webhook::builder(handlers())
        .encrypt_key(&spaced)
        .build()
        .unwrap();
    for (key, status) in [(spaced.as_str(), 200), (KEY, 401)] {
        let event = EventRequest::new(&sample::<contact::UserCreatedV3>());
        let request = event.encrypt_key(key).into_http();
        let answer = webhook.handle(request.headers(), request.body()).await;
        assert_eq!(answer.status(), status, "{key:?}");
    }
}
