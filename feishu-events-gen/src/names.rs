//! Documented names → Rust identifiers. There is one for every name, because the documentation may
//! give services, types and fields any name.
//!
//! - Characters outside ASCII are spelled by their code point: `名` → `u540d`.
//! - A keyword becomes a raw identifier, `r#type`; the few that can't be raw get a `_`: `self_`.
//! - A service with a name that the library uses for something else gets the suffix `_service`.
//! - If two things would have the same name, the second gets a number (`Taken`).

use std::collections::BTreeSet;
use std::fmt::Write;

use heck::{ToSnakeCase, ToUpperCamelCase};

mod reserved;

pub use reserved::RESERVED_SERVICES;

/// The name of a struct or variant: `department_event` → `DepartmentEvent`.
pub fn type_name(documented: &str) -> String {
    let name = part(documented);
    if name == "Self" {
        return "Self_".to_owned();
    }
    if starts_with_digit(&name) {
        return format!("T{name}");
    }
    name
}

/// A name as a part of the name of a type: `old_object` → `OldObject`.
pub(crate) fn part(documented: &str) -> String {
    spelled(documented).to_upper_camel_case()
}

/// The name of a variant of an enum that also has the variant `Unknown`.
pub(crate) fn variant_name(documented: &str) -> String {
    match type_name(documented).as_str() {
        "Unknown" => "Unknown_".to_owned(),
        name => name.to_owned(),
    }
}

/// The name of a field: `leaderType` → `leader_type`, `type` → `r#type`.
pub(crate) fn field_name(documented: &str) -> String {
    raw(&spelled(documented).to_snake_case())
}

/// The module of a service in a crate without other modules: `my-app` → `my_app`.
pub(crate) fn module_name(service: &str) -> String {
    field_name(service)
}

/// The module of a service in the library; without `r#` it is also the cargo feature.
pub(crate) fn library_module_name(service: &str) -> String {
    let name = module_name(service);
    // A keyword that can't be raw has a `_`, which `_service` replaces.
    let plain = unraw(&name);
    let plain = plain.strip_suffix('_').unwrap_or(plain);
    if name.ends_with('_') || RESERVED_SERVICES.contains(&plain) {
        return format!("{plain}_service");
    }
    name
}

/// A name of a type or variant from the overlay, as a valid identifier.
pub(crate) fn given(name: &str) -> String {
    let is_name = syn::parse_str::<syn::Ident>(name).is_ok();
    if is_name && name.starts_with(|c: char| c.is_ascii_uppercase()) {
        name.to_owned()
    } else {
        type_name(name)
    }
}

/// A name without the `r#` of a raw identifier.
pub(crate) fn unraw(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// The names in a module or type that are taken.
#[derive(Debug, Default)]
pub(crate) struct Taken(BTreeSet<String>);

impl Taken {
    /// `name`, or if that is taken the first of `name2`, `name3`, … that is not.
    pub(crate) fn take(&mut self, name: &str) -> String {
        let separator = if unraw(name).contains('_') && !name.contains(char::is_uppercase) {
            "_"
        } else {
            ""
        };
        let base = unraw(name).trim_end_matches('_');
        let mut number = 2;
        let mut free = name.to_owned();
        while !self.0.insert(free.clone()) {
            free = format!("{base}{separator}{number}");
            number += 1;
        }
        free
    }
}

impl Extend<String> for Taken {
    fn extend<T: IntoIterator<Item = String>>(&mut self, names: T) {
        self.0.extend(names);
    }
}

/// The name in ASCII, with other characters spelled by their code point.
fn spelled(documented: &str) -> String {
    let has_letters = documented.contains(|c: char| c.is_ascii_alphanumeric());
    let mut spelled = String::new();
    for c in documented.chars() {
        if c.is_ascii_alphanumeric() || (c.is_ascii() && has_letters) {
            spelled.push(c);
        } else {
            // Writing to a `String` does not fail.
            let _ = write!(spelled, " u{:x} ", u32::from(c));
        }
    }
    if spelled.trim().is_empty() {
        return "unnamed".to_owned();
    }
    spelled
}

/// A name in snake case as an identifier.
fn raw(snake: &str) -> String {
    match snake {
        // The only keywords that cannot be raw.
        "self" | "super" | "crate" => format!("{snake}_"),
        // A keyword of edition 2024 that the parser does not know as one.
        "gen" => format!("r#{snake}"),
        name if starts_with_digit(name) => format!("_{name}"),
        name if syn::parse_str::<syn::Ident>(name).is_ok() => name.to_owned(),
        keyword => format!("r#{keyword}"),
    }
}

fn starts_with_digit(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_are_identifiers_in_snake_case() {
        let expected = [
            ("name", "name"),
            ("leaderType", "leader_type"),
            ("leaderID", "leader_id"),
            ("open_ids", "open_ids"),
            ("i18n_names", "i18n_names"),
            ("type", "r#type"),
            ("async", "r#async"),
            ("gen", "r#gen"),
            ("try", "r#try"),
            ("self", "self_"),
            ("Self", "self_"),
            ("crate", "crate_"),
            ("super", "super_"),
            ("union", "union"),
            ("2fa", "_2fa"),
            ("a.b-c d", "a_b_c_d"),
            ("名称", "u540d_u79f0"),
            ("名a", "u540d_a"),
            ("-", "u2d"),
            ("__", "u5f_u5f"),
            ("", "unnamed"),
        ];
        for (documented, name) in expected {
            assert_eq!(field_name(documented), name, "{documented}");
        }
    }

    #[test]
    fn names_of_types_are_identifiers_in_camel_case() {
        let expected = [
            ("department_event", "DepartmentEvent"),
            ("departmentLeader", "DepartmentLeader"),
            ("chat.member.user", "ChatMemberUser"),
            ("i18n_content", "I18nContent"),
            ("department.updated_v3", "DepartmentUpdatedV3"),
            ("leave_approvalV2", "LeaveApprovalV2"),
            ("option", "Option"),
            ("self", "Self_"),
            ("3d", "T3d"),
            ("对象", "U5bf9U8c61"),
            ("", "Unnamed"),
        ];
        for (documented, name) in expected {
            assert_eq!(type_name(documented), name, "{documented}");
        }
        assert_eq!(variant_name("unknown"), "Unknown_");
    }

    #[test]
    fn services_do_not_take_names_of_the_library() {
        let expected = [
            ("vc", "vc"),
            ("my-app", "my_app"),
            ("type", "r#type"),
            ("crate", "crate_service"),
            ("mod", "mod_service"),
            ("webhook", "webhook_service"),
            ("event", "event_service"),
            ("long-connection", "long_connection_service"),
        ];
        for (service, module) in expected {
            assert_eq!(library_module_name(service), module, "{service}");
        }
        assert_eq!(module_name("webhook"), "webhook");
    }

    /// The keywords of all editions, weak and reserved ones too, and the prelude.
    #[test]
    fn keywords_and_names_of_the_prelude_become_valid_names() {
        let keywords = "as break const continue crate else enum extern false fn for if impl in let \
            loop match mod move mut pub ref return self Self static struct super trait true type \
            unsafe use where while async await dyn abstract become box do final macro override priv \
            typeof unsized virtual yield try gen union raw safe macro_rules auto default";
        let prelude = "Option Some None Result Ok Err String Vec Box ToString ToOwned Clone Copy \
            Send Sync Sized Drop Fn FnMut FnOnce AsRef AsMut Into From Default Iterator Extend \
            IntoIterator DoubleEndedIterator ExactSizeIterator Eq PartialEq Ord PartialOrd TryFrom \
            TryInto FromIterator Future IntoFuture drop bool char str i64 f64 u8 usize";
        let ours = "Record RecordDef Slot View UnknownValue Value SystemTime Unknown UserId Item \
            Payload Event slot view instant open_enum record_traits unknown core std alloc";
        for word in [keywords, prelude, ours].join(" ").split_whitespace() {
            for name in [
                type_name(word),
                variant_name(word),
                field_name(word),
                module_name(word),
                library_module_name(word),
            ] {
                let code = format!("struct A {{ {name}: u8 }}");
                assert!(syn::parse_str::<syn::File>(&code).is_ok(), "{word}: {name}");
            }
        }
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let mut taken = Taken::default();
        let mut take = |name: &str| taken.take(name);
        assert_eq!(
            ["Lamp", "Lamp", "Lamp"].map(&mut take),
            ["Lamp", "Lamp2", "Lamp3"]
        );
        assert_eq!(
            ["leader_id", "leader_id"].map(&mut take),
            ["leader_id", "leader_id_2"]
        );
        assert_eq!(["r#type", "r#type"].map(&mut take), ["r#type", "type2"]);
        assert_eq!(["Self_", "Self_"].map(&mut take), ["Self_", "Self2"]);
    }
}
