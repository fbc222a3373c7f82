//! It compiles: that is the test.

#![allow(missing_docs)]

include!(concat!(env!("OUT_DIR"), "/feishu_events.rs"));

#[cfg(test)]
mod tests {
    use feishu_events::CustomPayload;

    use super::{acme, my_app, r#type, words};

    #[test]
    fn types_of_any_name_can_be_read() {
        let json = r#"{ "option": [{ "option": { "text": "a" } }], "at": 1, "listed": "none" }"#;
        let thing: acme::Option = read(json);
        let first = thing.option.and_then(|items| items.into_iter().next());
        assert_eq!(
            first.and_then(|item| item.option?.text).as_deref(),
            Some("a")
        );
        let thing: words::ThingV1 = read(json);
        assert_eq!(thing.listed, Some(words::Option::None));
        assert_eq!(r#type::ThingV1::EVENT_TYPE, "type.thing_v1");
        let thing: my_app::ThingV1 = read(r#"{ "名称": [] }"#);
        assert_eq!(thing.u540d_u79f0.map(|items| items.len()), Some(0));
    }

    fn read<T: for<'de> feishu_events::__private::Deserialize<'de>>(json: &str) -> T {
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}"))
    }
}
