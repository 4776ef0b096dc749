//! What is wrong with a template is found at load, with its file and line; and the shipped list equals the files.

use super::*;
use std::path::Path;

fn load(path: &str, text: &str) -> Vec<String> {
    let overrides = [(path.to_owned(), text.to_owned())];
    let problems = Kit::load(Desk::default(), &overrides, Catalog::default()).err().unwrap_or_default();
    problems.iter().map(|p| p.to_string()).collect()
}

fn walk(dir: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() { walk(&entry, found) } else { found.push(entry.to_str().unwrap().replace('\\', "/")) }
    }
}

#[test]
fn embedded_templates_are_the_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut files = Vec::new();
    ["drafts", "articles"].iter().for_each(|d| walk(&root.join(d), &mut files));
    let prefix = format!("{}/", root.to_str().unwrap());
    let mut files: Vec<String> = files.iter().map(|f| f.strip_prefix(&prefix).unwrap().to_owned()).collect();
    files.sort();
    let embedded: Vec<&str> = embedded::TEMPLATES.iter().map(|t| t.0).collect();
    assert_eq!(embedded, files);
}

const BODY: &str = "drafts/progress/zh/body.hbs";

#[test]
fn problems_name_file_line_and_matter() {
    let deep = "{{#if engineer}}".repeat(21) + &"{{/if}}".repeat(21);
    let article = |head: &str, body: &str| format!("+++\ntitle = 't'\nlanguage = 'zh'\n{head}+++\n{body}");
    let table: Vec<(&str, String, &str)> = vec![
        (BODY, "\n{{case.numbr}}".into(), "body.hbs:2: unknown name \"case.numbr\""),
        (BODY, "\n\n{{#if case.tokn}}x{{/if}}".into(), "body.hbs:3: unknown name \"case.tokn\""),
        (BODY, "{{#if (eq case.tokn \"x\")}}x{{/if}}".into(), "unknown name \"case.tokn\""),
        (BODY, "{{#each kb.items}}{{kb}} {{relased}}{{/each}}".into(), "unknown name \"relased\""),
        (BODY, "{{#each case.number}}x{{/each}}".into(), "each goes over a list"),
        (BODY, "{{#if}}x{{/if}}".into(), "{{#if}} without an argument"),
        (BODY, "{{#if engineer}}x".into(), "body.hbs:1: invalid handlebars syntax"),
        (BODY, "{{#if engineer}}x{{/each}}".into(), "\"if\" was opened, but \"each\" is closing"),
        (BODY, deep, "nested deeper than 20"),
        (BODY, "x".repeat(33_000), "larger than 32768 bytes"),
        (BODY, "{{> nothing}}".into(), "no template or article is called \"nothing\""),
        (BODY, "{{> progress/zh/body}}".into(), "includes itself"),
        (BODY, "{{lookup case \"number\"}}".into(), "unknown helper \"lookup\""),
        (BODY, "{{#each kb.items as |k|}}{{k.kb}}{{/each}}".into(), "block parameters"),
        (
            BODY,
            "{{#each answers}}{{#each ../answers}}{{#each ../../answers}}x{{/each}}{{/each}}{{/each}}".into(),
            "each nested deeper than 2",
        ),
        (BODY, "{{#*inline \"x\"}}y{{/inline}}".into(), "not allowed"),
        ("drafts/thanks/zh/body.hbs", "x".into(), "no template has this name"),
        ("articles/my-note.md", "no front matter".into(), "my-note.md:1: an article begins with a front matter"),
        ("articles/my-note.md", article("color = 1\n", ""), "my-note.md:4: unknown field `color`"),
        ("articles/my-note.md", article("asks = [['(', 1.0]]\n", ""), "pattern \"(\""),
        ("articles/my-note.md", article("asks = [['x', 0.0]]\n", ""), "weights are above 0"),
        ("articles/my-note.md", article("", "a\n{{nothing}}"), "my-note.md:6: unknown name \"nothing\""),
        ("articles/My Note.md", article("", ""), "lower-case letters"),
        ("articles/dism-sfc.zh.md", article("", ""), "a second article \"dism-sfc\" in zh"),
    ];
    for (path, text, wanted) in table {
        let problems = load(path, &text);
        assert!(problems.iter().any(|p| p.contains(wanted)), "wanted {wanted}, got {problems:#?}");
    }
}

#[test]
fn all_problems_at_once() {
    let overrides = [(BODY.to_owned(), "{{a}}\n{{b}}".to_owned()), ("drafts/closure/en/body.hbs".to_owned(), "{{c}}".to_owned())];
    let problems = Kit::load(Desk::default(), &overrides, Catalog::default()).unwrap_err();
    assert_eq!(problems.len(), 3, "{problems:#?}");
}

#[test]
fn good_overrides_are_taken() {
    assert_eq!(
        load(
            BODY,
            "{{#if (eq kb.plural true)}}{{#each kb.items}}{{@index}} {{kb}} {{../case.number}}{{/each}}{{else}}{{case.title}}{{/if}}\r\n"
        ),
        [""; 0]
    );
    assert_eq!(load("drafts/parts/zh/extra.hbs", "{{engineer}}"), [""; 0]);
    assert_eq!(load("pages/queue.hbs", "{{whatever}}"), [""; 0]);
    assert_eq!(
        load(
            "articles/my-note.md",
            "+++\ntitle = 't'\nlanguage = 'zh'\nasks = [['x', 2.0]]\n+++\n{{> articles/zh/reset-softwaredistribution}}"
        ),
        [""; 0]
    );
}
