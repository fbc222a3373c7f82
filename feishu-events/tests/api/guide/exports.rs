//! What the guide says of the exports: versions of formats, and of the tools that they are tested
//! with.

use serde_json::Value;

use super::pages::root;

/// What other generators do, as seen with the versions that are named.
const OF_OTHERS: &str = "typify 0.8, quicktype 26 and @asyncapi/modelina 5.10 did so";

/// The pages whose samples are compared.
const SAMPLES: &str = "the documentation of March 2026";

/// The facts, as the guide words them.
pub(crate) fn facts() -> Vec<String> {
    let read = |file: &str| std::fs::read_to_string(root().join("..").join(file)).unwrap();
    let json = |file: &str| -> Value { serde_json::from_str(&read(file)).unwrap() };
    let version_of = |format: &str| {
        let document = json(&format!("schemas/export/{format}/feishu-events.json"));
        let version = document[format].as_str().unwrap();
        version.strip_suffix(".0").unwrap().to_owned()
    };
    let schema = json("schemas/export/received/im/message.receive_v1.json");
    let draft = schema["$schema"].as_str().unwrap();
    let draft = draft.split("draft/").nth(1).unwrap();
    let packages = json("xtask/tests/export/package.json");
    let npm = |name: &str| packages["dependencies"][name].as_str().unwrap().to_owned();
    let short = |version: String| version.rsplit_once('.').unwrap().0.to_owned();
    let python = read("xtask/tests/export/requirements.txt");
    let generator = "datamodel-code-generator";
    let mut lines = python.lines();
    let python = lines.find_map(|line| line.strip_prefix(&format!("{generator}==")));
    vec![
        format!("({})", draft.split('/').next().unwrap()),
        format!("OpenAPI {}", version_of("openapi")),
        format!("AsyncAPI {}", version_of("asyncapi")),
        format!("ajv {}", short(npm("ajv"))),
        format!(
            "openapi-schema-validator {}",
            short(npm("@seriousme/openapi-schema-validator"))
        ),
        format!("openapi-typescript {}", short(npm("openapi-typescript"))),
        format!("TypeScript {}", short(npm("typescript"))),
        format!("{generator} {}", short(python.unwrap().to_owned())),
        format!("@asyncapi/parser {}", npm("@asyncapi/parser")),
        OF_OTHERS.to_owned(),
        SAMPLES.to_owned(),
    ]
}
