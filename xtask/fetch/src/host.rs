//! The addresses of the portal.

use std::str::FromStr;

use url::Url;

/// The portal's address.
#[derive(Debug, Clone)]
pub(crate) struct Host(Url);

/// The two forms of the detail API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Newer,
    Older,
}

impl Form {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Newer => Self::Older,
            Self::Older => Self::Newer,
        }
    }
}

impl Host {
    /// The address of the directory of all pages; `docment` is the portal's spelling.
    pub(crate) fn directory(&self) -> Url {
        self.at("/api/tools/docment/directory_list")
    }

    /// The address of the detail API for the page at `path`.
    pub(crate) fn detail(&self, form: Form, path: &str) -> Url {
        let mut url = self.at(match form {
            Form::Newer => "/document_portal/v1/document/get_detail",
            Form::Older => "/api/tools/document/detail",
        });
        url.query_pairs_mut().append_pair("fullPath", path);
        url
    }

    /// The address of the page for readers.
    pub(crate) fn page(&self, path: &str) -> String {
        let origin = self.0.as_str().trim_end_matches('/');
        format!("{origin}/document{path}")
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        url
    }
}

impl FromStr for Host {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let url: Url = text
            .parse()
            .map_err(|error| format!("not a host: {error}"))?;
        let origin = url.origin().ascii_serialization();
        if !matches!(url.scheme(), "http" | "https") || url.as_str() != format!("{origin}/") {
            return Err(
                "expected a host such as open.feishu.cn, or http(s)://host:port with nothing \
                 behind it"
                    .to_owned(),
            );
        }
        Ok(Self(url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_may_be_a_name_or_a_url() {
        for (text, directory) in [
            (
                "open.feishu.cn",
                "https://open.feishu.cn/api/tools/docment/directory_list",
            ),
            (
                "http://127.0.0.1:8080/",
                "http://127.0.0.1:8080/api/tools/docment/directory_list",
            ),
        ] {
            let host: Host = text.parse().unwrap();
            assert_eq!(host.directory().as_str(), directory);
        }
        for wrong in [
            "",
            "a b",
            "ftp://open.feishu.cn",
            "https://open.feishu.cn/document",
            "https://me:secret@open.feishu.cn",
            "open.feishu.cn?x",
        ] {
            assert!(wrong.parse::<Host>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_path_stays_in_its_parameter() {
        let host: Host = "open.feishu.cn".parse().unwrap();
        let url = host.detail(Form::Newer, "/a/..//b?x=1&fullPath=/c#d 事");
        let pairs: Vec<_> = url.query_pairs().collect();
        assert_eq!(url.path(), "/document_portal/v1/document/get_detail");
        assert_eq!(pairs.len(), 1);
        assert_eq!(pairs[0].1, "/a/..//b?x=1&fullPath=/c#d 事");
        assert_eq!(host.page("/a/b"), "https://open.feishu.cn/document/a/b");
    }
}
