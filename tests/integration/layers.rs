//! How the files of each crate depend on each other.
//!
//! A file depends on another if it uses an item that the other defines, by a `use` line or by a path such as `faults::apply`. A
//! `pub use` of something that the file itself does not use is no dependency.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use ecwid_coupons_tests::workspace;
use quote::ToTokens as _;
use syn::{Item, UseTree};

/// The crates in which at most two files may depend on each other in a circle.
const WITHOUT_CIRCLES: [&str; 6] = [
    "crates/ecwid-coupons",
    "crates/ecwid-coupons-cli",
    "crates/ecwid-coupons-python",
    "crates/ecwid-coupons-sandbox",
    "xtask",
    "xtask/verify",
];

/// Forbidden dependencies, direct or indirect: a crate, a module of it, and the module that it must not depend on.
const ONE_WAY: [(&str, &str, &str); 11] = [
    ("crates/ecwid-coupons", "transport", "generated::operations"),
    ("crates/ecwid-coupons", "transport", "progenitor_client"),
    ("crates/ecwid-coupons-python", "from_python", "client"),
    ("crates/ecwid-coupons-python", "generated", "client"),
    ("crates/ecwid-coupons-python", "to_python::columns", "generated"),
    ("crates/ecwid-coupons-sandbox", "store", "fidelity"),
    ("crates/ecwid-coupons-sandbox", "store", "app"),
    ("crates/ecwid-coupons-sandbox", "app", "fidelity"),
    ("crates/ecwid-coupons-sandbox", "app", "http::server"),
    ("crates/ecwid-coupons-sandbox", "faults", "app"),
    ("crates/ecwid-coupons-sandbox", "checkout", "app"),
];

/// A path of names, such as that of a module within its crate.
type Names = Vec<String>;

/// What a file imports, by the name that it has there, and which other names and paths stand in it.
#[derive(Default)]
struct File {
    imports: BTreeMap<String, Names>,
    passed_on: BTreeSet<String>,
    paths: BTreeSet<Names>,
}

impl File {
    fn parse(text: &str) -> Self {
        // Comments would be attributes of the items.
        let text: String =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]).collect();
        let mut file = Self::default();
        for item in syn::parse_file(&text).unwrap().items {
            match item {
                Item::Use(item) => file.add_names(&item.tree, &[], !matches!(item.vis, syn::Visibility::Inherited)),
                // Tests, or another file.
                Item::Mod(_) => {}
                item => file.add_paths(&item.to_token_stream().to_string()),
            }
        }
        file
    }

    fn add_names(&mut self, tree: &UseTree, before: &[String], is_passed_on: bool) {
        let (last, name) = match tree {
            UseTree::Path(path) => {
                let before = [before, &[path.ident.to_string()]].concat();
                return self.add_names(&path.tree, &before, is_passed_on);
            }
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.add_names(tree, before, is_passed_on));
            }
            UseTree::Name(name) if name.ident == "self" => (None, before.last().cloned().unwrap_or_default()),
            UseTree::Name(name) => (Some(name.ident.to_string()), name.ident.to_string()),
            UseTree::Rename(renamed) if renamed.ident == "self" => (None, renamed.rename.to_string()),
            UseTree::Rename(renamed) => (Some(renamed.ident.to_string()), renamed.rename.to_string()),
            UseTree::Glob(_) => (None, before.join("::")),
        };
        let path = before.iter().cloned().chain(last).collect();
        if is_passed_on {
            self.passed_on.insert(name.clone());
        }
        self.imports.insert(name, path);
    }

    /// Adds the names and paths in the text of some tokens.
    fn add_paths(&mut self, tokens: &str) {
        let tokens = tokens.replace("::", " :: ");
        let tokens = tokens.split(|sign: char| !sign.is_alphanumeric() && !"_:".contains(sign));
        let mut path = Names::new();
        let mut goes_on = false;
        for token in tokens.filter(|token| !token.is_empty()) {
            if token == "::" {
                goes_on = true;
                continue;
            }
            if !goes_on {
                self.paths.insert(std::mem::take(&mut path));
            }
            goes_on = false;
            path.push(token.to_owned());
        }
        self.paths.insert(path);
    }
}

/// The files of a crate by their modules.
struct Crate(BTreeMap<Names, File>);

impl Crate {
    fn read(folder: &str) -> Self {
        let source = workspace().join(folder).join("src");
        let mut files = BTreeMap::new();
        add_files(&source, &source, &mut files);
        Self(files)
    }

    /// The modules that a module depends on.
    fn dependencies<'a>(&'a self, module: &Names, file: &'a File) -> BTreeSet<&'a Names> {
        let is_used =
            |name: &String| !file.passed_on.contains(name) || file.paths.iter().any(|path| path.first() == Some(name));
        let imports = file.imports.iter().filter(|(name, _)| is_used(name)).map(|(_, path)| path);
        let paths = imports.chain(file.paths.iter().filter(|path| path.len() > 1));
        paths.filter_map(|path| self.definition(module, path)).filter(|found| *found != module).collect()
    }

    /// The module with the definition of what a path in a module names; `None` if that is in another crate.
    fn definition(&self, module: &Names, path: &[String]) -> Option<&Names> {
        let (first, mut rest) = path.split_first()?;
        let mut base = match first.as_str() {
            "crate" => Names::new(),
            "self" => module.clone(),
            "super" => module[..module.len().checked_sub(1)?].to_vec(),
            name => match self.0.get(module)?.imports.get(name) {
                // A module that is imported, or an item.
                Some(import) if *import != path && import.first() != Some(first) => {
                    return self.definition(module, &[import, rest].concat());
                }
                _ => [module.as_slice(), &[name.to_owned()]].concat(),
            },
        };
        if !self.0.contains_key(&base) {
            return None;
        }
        while let Some((name, others)) = rest.split_first() {
            let inner = [&base, std::slice::from_ref(name)].concat();
            if name == "super" {
                base.pop();
            } else if self.0.contains_key(&inner) {
                base = inner;
            } else {
                break;
            }
            rest = others;
        }
        let (found, file) = self.0.get_key_value(&base)?;
        let passed_on = rest.first().and_then(|name| file.imports.get(name));
        passed_on.and_then(|path| self.definition(found, path)).or(Some(found))
    }

    /// The modules that each module depends on, directly or by way of others.
    fn all_dependencies(&self) -> BTreeMap<&Names, BTreeSet<&Names>> {
        let direct: BTreeMap<_, _> =
            self.0.iter().map(|(module, file)| (module, self.dependencies(module, file))).collect();
        direct.keys().map(|module| (*module, reached(&direct, module))).collect()
    }
}

/// What can be reached from a module.
fn reached<'a>(direct: &BTreeMap<&'a Names, BTreeSet<&'a Names>>, module: &'a Names) -> BTreeSet<&'a Names> {
    let (mut found, mut left) = (BTreeSet::new(), vec![module]);
    while let Some(next) = left.pop() {
        left.extend(direct[next].iter().filter(|dependency| found.insert(**dependency)));
    }
    found
}

fn add_files(source: &Path, folder: &Path, files: &mut BTreeMap<Names, File>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            add_files(source, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let module = path.strip_prefix(source).unwrap().with_extension("");
            let mut module: Names = module.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
            module.pop_if(|last| ["lib", "main", "mod"].contains(&last.as_str()));
            files.insert(module, File::parse(&fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn no_circle_has_more_than_two_files() {
    for name in WITHOUT_CIRCLES {
        let files = Crate::read(name);
        let all = files.all_dependencies();
        for (module, dependencies) in &all {
            let circle: Vec<_> = dependencies
                .iter()
                .filter(|dependency| all[**dependency].contains(module))
                .map(|name| name.join("::"))
                .collect();
            assert!(circle.len() <= 2, "{name}: {} depend on each other", circle.join(", "));
        }
    }
}

#[test]
fn dependencies_go_one_way() {
    for (name, from, to) in ONE_WAY {
        let files = Crate::read(name);
        let is_in = |module: &Names, area: &str| format!("{}::", module.join("::")).starts_with(&format!("{area}::"));
        assert!(files.0.keys().any(|module| is_in(module, to)), "{name} has no {to}");
        let all = files.all_dependencies();
        let mut found: Vec<_> = all.into_iter().filter(|(module, _)| is_in(module, from)).collect();
        assert!(!found.is_empty(), "{name} has no {from}");
        found.retain(|(_, dependencies)| dependencies.iter().any(|dependency| is_in(dependency, to)));
        let found: Vec<_> = found.iter().map(|(module, _)| module.join("::")).collect();
        assert!(found.is_empty(), "{name}: {} must not depend on {to}", found.join(", "));
    }
}

#[test]
fn generated_code_does_not_name_the_transport() {
    let files = Crate::read("crates/ecwid-coupons");
    let is_in = |module: &Names, area: &str| module.first().is_some_and(|first| first == area);
    let generated: Vec<_> = files.0.iter().filter(|(module, _)| is_in(module, "generated")).collect();
    assert!(generated.len() > 1);
    for (module, file) in generated {
        let found: Vec<_> =
            files.dependencies(module, file).into_iter().filter(|name| is_in(name, "transport")).collect();
        assert!(found.is_empty(), "{}: {found:?}", module.join("::"));
    }
}

#[test]
fn a_dependency_is_found_in_each_form() {
    let files = Crate(
        [
            ("", "pub use a::Item; mod a; mod b;"),
            ("a", "pub(crate) use inner::{Inner, other}; mod inner; pub struct Item(Inner);"),
            ("a::inner", "pub struct Inner; pub fn other() {}"),
            ("b", "use crate::Item; fn f(_: Item) {}"),
            ("c", "use crate::a; fn f() { html!(a::other()) }"),
            ("d", "use super::a::{self as renamed}; fn f() { renamed::Inner; }"),
            ("e", "pub use crate::Item; use std::fmt;"),
        ]
        .map(|(module, text)| {
            let module: Names = module.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
            (module, File::parse(text))
        })
        .into(),
    );
    let found = |name: &str| {
        let module: Names = name.split("::").map(str::to_owned).collect();
        let found = files.dependencies(&module, &files.0[&module]);
        found.iter().map(|module| module.join("::")).collect::<Vec<_>>()
    };
    assert_eq!(found("a"), ["a::inner"], "it is used here and passed on");
    assert_eq!(found("b"), ["a"], "by way of the root");
    assert_eq!(found("c"), ["a", "a::inner"], "by a path in a macro");
    assert_eq!(found("d"), ["a", "a::inner"]);
    assert_eq!(found("e"), [""; 0]);
}
