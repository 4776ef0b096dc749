//! `format=flowed` (RFC 3676): a line that ends in a blank continues on the next of the same quote depth; `-- ` never does.

/// Joins flowed lines and undoes space-stuffing.
pub fn unflow(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.split('\n') {
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        if open != Some(depth) || content == "-- " {
            if open.is_some() {
                out.push('\n');
            }
            out.push_str(&line[..depth]);
            if depth > 0 {
                out.push(' ');
            }
        }
        let flows = content.ends_with(' ') && content != "-- ";
        out.push_str(if flows && delsp { &content[..content.len() - 1] } else { content });
        open = flows.then_some(depth);
        if !flows {
            out.push('\n');
        }
    }
    out.truncate(out.strip_suffix('\n').map_or(out.len(), str::len));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flowed_lines() {
        for (text, delsp, want) in [
            ("a \nb\nc", false, "a b\nc"),
            ("补丁 \n回滚", true, "补丁回滚"),
            ("> a \n> b\nc", false, "> a b\nc"),
            ("> a \nb", false, "> a \nb"),
            ("x\n-- \nname", false, "x\n-- \nname"),
            (" From here", false, "From here"),
        ] {
            assert_eq!(unflow(text, delsp), want, "{text}");
        }
    }
}
