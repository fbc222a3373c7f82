//! Credentials come from a file or the environment, and nothing that the command prints has them.

use std::fs;

use crate::box_of::{event, platform};
use crate::program::{Program, command, command_at, printed, run};

#[tokio::test(flavor = "multi_thread")]
async fn credentials_of_a_file_count_before_the_environment() {
    let gateway = platform().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.env");
    let text = format!(
        "# the app\nFEISHU_APP_ID={}\nexport FEISHU_APP_SECRET=\"{}\"\n",
        gateway.app_id(),
        gateway.app_secret()
    );
    fs::write(&file, text).unwrap();
    let args = [
        "tail",
        "--for",
        "200ms",
        "--credentials",
        file.to_str().unwrap(),
    ];
    let mut tail = command(&args);
    tail.env("FEISHU_DOMAIN", gateway.domain())
        .env("FEISHU_APP_SECRET", "wrong");
    let output = run(tail);
    assert!(output.status.success(), "{}", printed(&output));
    #[cfg(unix)]
    assert!(
        printed(&output).contains("chmod 600"),
        "{}",
        printed(&output)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_output_has_a_secret() {
    let gateway = platform().await;
    let secret = gateway.app_secret().to_owned();
    let mut outputs = Vec::new();
    // All that it says of a connection, of failures and of events, as loud as it can be.
    for loud in [&["-vv"][..], &["-vv", "--json"]] {
        let mut args = vec![
            "tail", "--max", "1", "--exec", "false", "--typed", "--for", "2s",
        ];
        args.extend(loud);
        let tail = Program::ready(command_at(&gateway, &args));
        gateway.push(event("1").token("hunter2-token"));
        gateway.drop_connections();
        outputs.push(tail.end().1);
    }
    let mut refused = command_at(&gateway, &["tail", "-vv"]);
    refused.env("FEISHU_APP_SECRET", "hunter2-secret");
    outputs.push(printed(&run(refused)));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.env");
    fs::write(&file, "FEISHU_APP_SECRET hunter2-secret\n").unwrap();
    outputs.push(printed(&run(command(&[
        "tail",
        "--credentials",
        file.to_str().unwrap(),
    ]))));
    for args in [
        &[
            "send",
            "contact.user.created_v3",
            "--print",
            "--token",
            "hunter2-token",
        ][..],
        &[
            "send",
            "contact.user.created_v3",
            "--print",
            "--encrypt-key=hunter2-key",
        ],
        &["tail", "--app-secret", "hunter2-secret"],
        &["tail", "--app-secret=hunter2-secret"],
        &["tail", "--help"],
        &["help", "send"],
    ] {
        let mut command = command(args);
        command
            .env("FEISHU_APP_SECRET", "hunter2-secret")
            .env("FEISHU_ENCRYPT_KEY", "hunter2-key")
            .env("FEISHU_VERIFICATION_TOKEN", "hunter2-token");
        outputs.push(printed(&run(command)));
    }
    for output in outputs {
        assert!(!output.is_empty());
        assert!(!output.contains("hunter2"), "{output}");
        assert!(!output.contains(&secret), "{output}");
    }
}

#[test]
fn secrets_among_the_arguments_are_refused_with_where_they_belong() {
    let args = [
        "send",
        "contact.user.created_v3",
        "--print",
        "--encrypt-key",
        "k",
    ];
    let output = run(command(&args));
    assert_eq!(output.status.code(), Some(2));
    assert!(
        printed(&output).contains("set FEISHU_ENCRYPT_KEY"),
        "{}",
        printed(&output)
    );
}
