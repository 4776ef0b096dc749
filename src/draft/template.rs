//! Templates: what is allowed in one, and rendering with a cap.
//!
//! Handlebars, plain text without escaping, strict. Strict does not notice a misspelt path inside `{{#if}}`, so every path
//! is checked against a full sample context when templates are loaded; nesting and size are bounded because a
//! template can exhaust stack and time. Text of a customer is data: it is never compiled.

use handlebars::template::{HelperTemplate, Parameter, TemplateElement};
use handlebars::{Handlebars, Path, Template};
use serde_json::Value;

/// A larger template is refused, in bytes.
pub(super) const MAX_BYTES: usize = 32 * 1024;
const MAX_DEPTH: usize = 20;
const MAX_EACH: usize = 2;
/// A longer output is refused, in bytes.
const MAX_OUTPUT: usize = 256 * 1024;
const HELPERS: &[&str] = &["if", "unless", "each", "with", "eq", "ne", "gt", "gte", "lt", "lte", "and", "or", "not", "len", "has"];

/// A registry without escaping, strict, with the helper `has` (does a text contain another).
pub(super) fn registry() -> Handlebars<'static> {
    handlebars::handlebars_helper!(has: |text: str, part: str| text.contains(part));
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(handlebars::no_escape);
    registry.register_helper("has", Box::new(has));
    for unsafe_helper in ["lookup", "raw", "log"] {
        registry.unregister_helper(unsafe_helper);
    }
    registry
}

/// What is wrong at which line; and which partials it uses.
#[derive(Debug, Default)]
pub(super) struct Lint {
    pub problems: Vec<(usize, String)>,
    pub partials: Vec<(usize, String)>,
}

/// Compiles and checks a template against a full sample context.
pub(super) fn compile(name: &str, source: &str, sample: &Value) -> (Option<Template>, Lint) {
    let mut lint = Lint::default();
    if source.len() > MAX_BYTES {
        lint.problems.push((0, format!("larger than {MAX_BYTES} bytes")));
        return (None, lint);
    }
    if let Some(line) = too_deep(source) {
        lint.problems.push((line, format!("blocks nested deeper than {MAX_DEPTH}")));
        return (None, lint);
    }
    match Template::compile_with_name(source, name.to_owned()) {
        Ok(template) => {
            Walk { root: sample, scopes: vec![sample], each: 0, line: 1, lint: &mut lint }.template(&template);
            (Some(template), lint)
        }
        Err(e) => {
            lint.problems.push((e.pos().map_or(1, |p| p.0), e.reason().to_string()));
            (None, lint)
        }
    }
}

/// The line at which openers outnumber closers by too many: counted before compiling, which recurses.
fn too_deep(source: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (n, line) in source.lines().enumerate() {
        for tag in line.split("{{").skip(1) {
            match tag.trim_start_matches(['~', '{']).chars().next() {
                Some('#') => depth += 1,
                Some('/') => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > MAX_DEPTH || tag.matches('(').count() > MAX_DEPTH {
                return Some(n + 1);
            }
        }
    }
    None
}

struct Walk<'a> {
    root: &'a Value,
    /// The innermost is last.
    scopes: Vec<&'a Value>,
    each: usize,
    line: usize,
    lint: &'a mut Lint,
}

impl<'a> Walk<'a> {
    fn problem(&mut self, message: String) {
        self.lint.problems.push((self.line, message));
    }

    fn template(&mut self, template: &Template) {
        for (n, element) in template.elements.iter().enumerate() {
            self.line = template.mapping.get(n).map_or(self.line, |m| m.0);
            match element {
                TemplateElement::RawString(_) | TemplateElement::Comment(_) => {}
                TemplateElement::Expression(e) | TemplateElement::HtmlExpression(e) => self.expression(e),
                TemplateElement::HelperBlock(b) => self.block(b),
                TemplateElement::PartialExpression(p) if self.scopes.len() == 1 && p.params.is_empty() && p.hash.is_empty() => {
                    match &p.name {
                        Parameter::Name(name) => self.lint.partials.push((self.line, name.clone())),
                        Parameter::Path(_) => self.lint.partials.push((self.line, name_of(&p.name))),
                        _ => self.problem("a partial is named, not computed".to_owned()),
                    }
                }
                TemplateElement::PartialExpression(_) => {
                    self.problem("a partial takes no parameters and stands outside each and with".to_owned())
                }
                _ => self.problem("decorators and partial blocks are not allowed".to_owned()),
            }
        }
    }

    fn expression(&mut self, e: &HelperTemplate) {
        if e.params.is_empty() && e.hash.is_empty() {
            self.parameter(&e.name);
        } else {
            self.call(e);
        }
    }

    fn call(&mut self, e: &HelperTemplate) {
        let name = name_of(&e.name);
        if !HELPERS.contains(&name.as_str()) {
            self.problem(format!("unknown helper \"{name}\", expected one of: {}", HELPERS.join(", ")));
        }
        e.params.iter().chain(e.hash.values()).for_each(|p| self.parameter(p));
    }

    fn block(&mut self, b: &HelperTemplate) {
        self.call(b);
        let name = name_of(&b.name);
        if b.params.is_empty() {
            self.problem(format!("{{{{#{name}}}}} without an argument"));
        }
        if b.block_param.is_some() {
            self.problem("block parameters (as |x|) are not allowed".to_owned());
        }
        let inner = match (name.as_str(), b.params.first().and_then(|p| self.value(p))) {
            ("each", Some(Value::Array(items))) => items.first(),
            ("each", Some(_)) => {
                self.problem("each goes over a list".to_owned());
                None
            }
            ("with", value) => value,
            _ => None,
        };
        let is_each = name == "each";
        self.each += usize::from(is_each);
        if self.each > MAX_EACH {
            self.problem(format!("each nested deeper than {MAX_EACH}"));
        }
        let depth = self.scopes.len();
        self.scopes.extend(inner);
        b.template.iter().for_each(|t| self.template(t));
        self.scopes.truncate(depth);
        self.each -= usize::from(is_each);
        b.inverse.iter().for_each(|t| self.template(t));
    }

    fn parameter(&mut self, p: &Parameter) {
        match p {
            Parameter::Literal(_) => {}
            Parameter::Subexpression(s) => match s.as_element() {
                TemplateElement::Expression(e) => self.expression(e),
                _ => self.problem("not an expression".to_owned()),
            },
            Parameter::Path(Path::Local((_, name, _))) if self.each > 0 && ["index", "first", "last"].contains(&name.as_str()) => {}
            Parameter::Path(_) | Parameter::Name(_) => {
                if self.value(p).is_none() {
                    self.problem(format!("unknown name \"{}\"", name_of(p)));
                }
            }
            _ => self.problem("an expression of a kind that is not allowed".to_owned()),
        }
    }

    /// What a path means in the sample.
    fn value(&self, p: &Parameter) -> Option<&'a Value> {
        let name = name_of(p);
        let (mut rest, mut level) = (name.as_str(), self.scopes.len() - 1);
        while let Some(up) = rest.strip_prefix("../") {
            level = level.checked_sub(1)?;
            rest = up;
        }
        let mut value = self.scopes[level];
        if let Some(from_root) = rest.strip_prefix("@root.") {
            (value, rest) = (self.root, from_root);
        }
        let mut steps = rest.split(['.', '/']).filter(|s| !s.is_empty() && *s != "this");
        steps.try_fold(value, |v, step| v.get(step))
    }
}

fn name_of(p: &Parameter) -> String {
    match p {
        Parameter::Name(n) => n.clone(),
        Parameter::Path(Path::Relative((_, raw)) | Path::Local((_, _, raw))) => raw.clone(),
        Parameter::Literal(v) => v.to_string(),
        Parameter::Subexpression(s) => s.name().to_owned(),
        _ => String::new(),
    }
}

/// Renders; the output has no spaces at line ends, no blank lines at its own ends and never two in a row. Errors: one line for people.
pub(super) fn render(registry: &Handlebars, name: &str, context: &handlebars::Context) -> Result<String, String> {
    let mut out = Capped(Vec::with_capacity(4096));
    registry.render_with_context_to_write(name, context, &mut out).map_err(|e| e.to_string().replace('\n', " "))?;
    let text = String::from_utf8(out.0).map_err(|_| "not UTF-8".to_owned())?;
    let mut tidy = String::with_capacity(text.len());
    let mut was_blank = true;
    for line in text.lines().map(str::trim_end) {
        if !line.is_empty() || !was_blank {
            tidy.push_str(line);
            tidy.push('\n');
        }
        was_blank = line.is_empty();
    }
    tidy.truncate(tidy.trim_end().len());
    Ok(tidy)
}

struct Capped(Vec<u8>);

impl std::io::Write for &mut Capped {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_OUTPUT {
            return Err(std::io::Error::other(format!("output larger than {MAX_OUTPUT} bytes")));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Front matter (without its `+++` lines), body, and the number of lines before the body.
pub(super) fn front_matter(text: &str) -> Option<(&str, &str, usize)> {
    let rest = text.strip_prefix("+++\n").or_else(|| text.strip_prefix("+++\r\n"))?;
    let end = rest.find("\n+++")?;
    let (head, after) = (&rest[..end + 1], &rest[end + 4..]);
    let body = after.split_once('\n').map_or("", |(_, body)| body);
    Some((head, body, text[..text.len() - body.len()].matches('\n').count()))
}
