//! Request bodies that are made to cost a webhook much.

/// Makes a body: `before`, then `piece` as often as it fits, then `after`.
struct Shape {
    name: &'static str,
    before: &'static str,
    piece: String,
    after: &'static str,
}

/// Bodies of about `length` bytes that cost much to read, without a right token or signature.
pub(crate) fn bodies(length: usize) -> Vec<(&'static str, Vec<u8>)> {
    let mut bodies: Vec<_> = shapes()
        .into_iter()
        .map(|shape| {
            let rest = length.saturating_sub(shape.before.len() + shape.after.len());
            let middle = shape.piece.repeat(rest / shape.piece.len());
            (
                shape.name,
                (shape.before.to_owned() + &middle + shape.after).into_bytes(),
            )
        })
        .collect();
    let half = length / 2 - 10;
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(half), "]".repeat(half));
    bodies.push(("one value nested as deep as it goes", deep.into_bytes()));
    bodies.push(("not UTF-8", vec![0xff; length]));
    bodies
}

fn shapes() -> Vec<Shape> {
    let mut shapes = Vec::new();
    let mut add = |name, before, piece: &str, after| {
        let piece = piece.to_owned();
        shapes.push(Shape {
            name,
            before,
            piece,
            after,
        });
    };
    let nested = |member: &str, depth| {
        format!(
            "\"{member}\":{}\"x\"{},",
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    // What the header of an event can be filled with.
    let before = r#"{"schema":"2.0","header":{"event_type":"contact.user.created_v3","#;
    let after = r#""token":"wrong"},"event":{}}"#;
    add("undocumented members", before, r#""a":{},"#, after);
    add(
        "undocumented members, escaped",
        before,
        r#""\u0061":1,"#,
        after,
    );
    add(
        "undocumented members with half a pair",
        before,
        r#""\ud800":1,"\u0061":1,"#,
        after,
    );
    add(
        "undocumented nested lists",
        before,
        &nested("a", 120),
        after,
    );
    add(
        "a string in nested lists",
        before,
        &nested("event_id", 120),
        after,
    );
    add(
        "users in nested lists",
        before,
        &nested("user_list", 120),
        after,
    );
    add("half characters", before, r#""event_id":"\ud800","#, after);
    add(
        "numbers out of range",
        before,
        r#""event_id":1e999,"#,
        after,
    );
    add("tokens that are lists", before, r#""token":["x"],"#, after);
    add("cut off", r#"{"schema":"2.0","header":{"a":"#, "[", "");
    // What stands around it.
    add(
        "repeated headers",
        "{",
        r#""schema":"2.0","header":{"token":1},"#,
        r#""event":{}}"#,
    );
    add(
        "a large event",
        r#"{"event":{"a":["#,
        r#"{"b":[1]},"#,
        "0]}}",
    );
    add("a long name", "{\"", "a", r#"":1}"#);
    add("a long token", r#"{"token":""#, "a", r#""}"#);
    add("a long token, escaped", r#"{"token":""#, r"\n", r#""}"#);
    add("a long type, escaped", r#"{"type":""#, r"\n", r#""}"#);
    add("encrypted, as it says", r#"{"encrypt":""#, "AAAA", r#""}"#);
    let (header, encrypt) = (
        r#"{"schema":"2.0","header":{"#,
        r#""a":1},"event":{},"encrypt":"AAAA"}"#,
    );
    add("encrypted as well", header, r#""a":{},"#, encrypt);
    add("blanks", "", " ", "");
    shapes
}
