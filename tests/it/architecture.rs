//! Compares the dependencies that ARCHITECTURE.md lists with the `crate::` paths in `src`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

type Arrows = BTreeMap<String, BTreeSet<String>>;

/// The block that begins with ```arrows: `module -> module, module`.
fn declared(page: &str) -> Arrows {
    let block = page.split("```arrows\n").nth(1).and_then(|rest| rest.split("```").next());
    let lines = block.expect("a block of arrows").lines().filter(|line| !line.is_empty());
    let arrow = |line: &str| {
        let (module, known) = line.split_once("->").expect(line);
        let known = known.split(',').map(|name| name.trim().to_owned()).filter(|n| !n.is_empty());
        (module.trim().to_owned(), known.collect())
    };
    lines.map(arrow).collect()
}

fn collect(folder: &Path, module: Option<&str>, arrows: &mut Arrows) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let module = module.unwrap_or(stem);
        if path.is_dir() {
            collect(&path, Some(module), arrows);
        } else if path.extension().is_some_and(|e| e == "rs") && !stem.ends_with("tests") {
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            arrows.entry(module.to_owned()).or_default().extend(known(text, module));
        }
    }
}

/// The first names behind every `crate::`.
fn known(text: &str, module: &str) -> BTreeSet<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = code.collect::<Vec<_>>().join("\n");
    let names = code.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest[..end].to_owned()
    });
    names.filter(|name| !name.is_empty() && name != module).collect()
}

#[test]
fn modules_depend_only_as_architecture_md_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let declared = declared(&fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap());
    let mut found = Arrows::new();
    collect(&root.join("src"), None, &mut found);
    let none = BTreeSet::new();
    for (module, known) in &found {
        let allowed = declared.get(module).unwrap_or(&none);
        let surplus: Vec<_> = known.difference(allowed).collect();
        assert!(surplus.is_empty(), "src/{module} must not know {surplus:?}: see ARCHITECTURE.md");
        let stale: Vec<_> = allowed.difference(known).collect();
        assert!(stale.is_empty(), "src/{module} no longer knows {stale:?}: update ARCHITECTURE.md");
    }
    let modules: BTreeSet<_> = found.keys().collect();
    assert!(
        declared.keys().all(|module| modules.contains(module)),
        "a module that is gone: {declared:?}"
    );
}

#[test]
fn dependencies_have_no_cycles() {
    let page = include_str!("../../ARCHITECTURE.md");
    let mut arrows = declared(page);
    while !arrows.is_empty() {
        let free = arrows.iter().find(|(_, known)| known.iter().all(|k| !arrows.contains_key(k)));
        let module = free.map(|(module, _)| module.clone());
        let module = module.unwrap_or_else(|| panic!("a dependency cycle in {arrows:?}"));
        arrows.remove(&module);
    }
}
