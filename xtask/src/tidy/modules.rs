//! The modules of a crate: their files and re-exports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use miette::{Context, IntoDiagnostic, Result};
use syn::{Attribute, Item, UseTree, Visibility};

/// A module's path below the crate's root; the root's own is empty.
pub(super) type ModulePath = Vec<String>;

/// The modules of one crate that are not tests and not generated.
pub(super) struct Modules {
    pub(super) by_path: BTreeMap<ModulePath, Module>,
}

/// A module that has a file of its own.
pub(super) struct Module {
    /// Its file below the project's root.
    pub(super) file: String,
    pub(super) syntax: syn::File,
    /// Its re-exports: the name → the path.
    pub(super) reexports: BTreeMap<String, ModulePath>,
}

impl Modules {
    /// Reads the crate whose sources are in `folder`, below the project's `root`.
    pub(super) fn load(root: &Path, folder: &Path) -> Result<Self> {
        let mut modules = Self {
            by_path: BTreeMap::new(),
        };
        for name in ["lib.rs", "main.rs"] {
            if folder.join(name).is_file() {
                modules.add(root, folder, folder, name, &Vec::new())?;
            }
        }
        Ok(modules)
    }

    /// Reads `file` as the module `path`, and the modules that it declares from the folder `children`.
    fn add(
        &mut self,
        root: &Path,
        folder: &Path,
        children: &Path,
        file: &str,
        path: &ModulePath,
    ) -> Result<()> {
        let full = folder.join(file);
        let name = full.strip_prefix(root).unwrap_or(&full);
        let text = fs::read_to_string(&full)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot read `{}`", name.display()))?;
        let syntax = syn::parse_file(&text)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot parse `{}`", name.display()))?;
        let mut declared = Vec::new();
        let mut reexports = BTreeMap::new();
        for item in &syntax.items {
            match item {
                Item::Mod(module) if module.content.is_none() && !is_test(&module.attrs) => {
                    declared.push((module.ident.to_string(), path_attribute(&module.attrs)));
                }
                Item::Use(import) if !matches!(import.vis, Visibility::Inherited) => {
                    collect(&import.tree, &mut Vec::new(), &mut reexports);
                }
                _ => {}
            }
        }
        let module = Module {
            file: name.to_string_lossy().replace('\\', "/"),
            syntax,
            reexports,
        };
        // `lib.rs` and `main.rs` are both the root; `lib.rs` comes first and is kept.
        self.by_path.entry(path.clone()).or_insert(module);
        for (name, place) in declared {
            if name == "generated" || name == "tests" {
                continue;
            }
            let mut path = path.clone();
            path.push(name.clone());
            if self.by_path.contains_key(&path) {
                continue;
            }
            let below = children.join(&name);
            let (folder, file) = match place {
                Some(file) => (children.to_owned(), file),
                None if below.join("mod.rs").is_file() => (below.clone(), "mod.rs".to_owned()),
                None => (children.to_owned(), format!("{name}.rs")),
            };
            self.add(root, &folder, &below, &file, &path)?;
        }
        Ok(())
    }

    /// The module that defines the path `segments` in the module `from`; `None` for items of other crates
    /// and of inline modules.
    pub(super) fn resolve(&self, from: &ModulePath, segments: &[String]) -> Option<ModulePath> {
        self.resolve_within(from, segments, &mut BTreeSet::new())
    }

    fn resolve_within(
        &self,
        from: &ModulePath,
        segments: &[String],
        seen: &mut BTreeSet<(ModulePath, Vec<String>)>,
    ) -> Option<ModulePath> {
        if !seen.insert((from.clone(), segments.to_vec())) {
            return None;
        }
        let mut rest = segments.iter().map(String::as_str).peekable();
        let mut place = match *rest.peek()? {
            "crate" => {
                rest.next();
                Vec::new()
            }
            "self" => {
                rest.next();
                from.clone()
            }
            "super" => {
                let mut place = from.clone();
                while rest.peek() == Some(&"super") {
                    rest.next();
                    place.pop();
                }
                place
            }
            child => {
                let mut place = from.clone();
                place.push(child.to_owned());
                self.by_path.contains_key(&place).then_some(())?;
                from.clone()
            }
        };
        while let Some(segment) = rest.next() {
            let mut child = place.clone();
            child.push(segment.to_owned());
            if self.by_path.contains_key(&child) {
                place = child;
                continue;
            }
            let Some(module) = self.by_path.get(&place) else {
                break;
            };
            if let Some(target) = module.reexports.get(segment) {
                let mut target = target.clone();
                target.extend(rest.map(str::to_owned));
                return self
                    .resolve_within(&place, &target, seen)
                    .or(Some(place.clone()));
            }
            break;
        }
        self.by_path.contains_key(&place).then_some(place)
    }
}

/// Whether an item is compiled only for tests.
pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| {
                let condition = list.tokens.to_string();
                condition == "test"
                    || condition.starts_with("all (test")
                    || condition.starts_with("all(test")
            })
    })
}

/// The file that `#[path = "…"]` names.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| {
        let value = attribute.meta.require_name_value().ok()?;
        let is_path = value.path.is_ident("path");
        let syn::Expr::Lit(literal) = &value.value else {
            return None;
        };
        match &literal.lit {
            syn::Lit::Str(text) if is_path => Some(text.value()),
            _ => None,
        }
    })
}

/// Adds the names that a `use` imports to `found`, with their paths.
pub(super) fn collect(
    tree: &UseTree,
    prefix: &mut ModulePath,
    found: &mut BTreeMap<String, ModulePath>,
) {
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            collect(&path.tree, prefix, found);
            prefix.pop();
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            let mut path = prefix.clone();
            // `use a::{self}` imports `a`.
            if name == "self" {
                if let Some(last) = path.last().cloned() {
                    found.insert(last, path);
                }
                return;
            }
            path.push(name.clone());
            found.insert(name, path);
        }
        UseTree::Rename(rename) => {
            let mut path = prefix.clone();
            path.push(rename.ident.to_string());
            found.insert(rename.rename.to_string(), path);
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                collect(tree, prefix, found);
            }
        }
        UseTree::Glob(_) => {
            found.insert(format!("{}::*", prefix.join("::")), prefix.clone());
        }
    }
}
