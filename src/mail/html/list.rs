//! Numbers and signs of list items.

/// One open list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct List {
    sort: Sort,
    next: i64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Sort {
    Bullet,
    Bare,
    Number,
    Letter(u8),
    Roman(bool),
}

impl List {
    pub fn unordered(is_bare: bool) -> List {
        List { sort: if is_bare { Sort::Bare } else { Sort::Bullet }, next: 1 }
    }

    /// `start` and `sort` (`1`, `a`, `A`, `i`, `I`) as written in the attributes.
    pub fn ordered(start: &str, sort: &str, is_bare: bool) -> List {
        let sort = match sort.trim() {
            _ if is_bare => Sort::Bare,
            "a" => Sort::Letter(b'a'),
            "A" => Sort::Letter(b'A'),
            "i" => Sort::Roman(false),
            "I" => Sort::Roman(true),
            _ => Sort::Number,
        };
        List { sort, next: start.trim().parse().unwrap_or(1) }
    }

    /// The marker of the next item with its blank; `value` as written in the item.
    pub fn marker(&mut self, value: &str) -> String {
        let number = value.trim().parse().unwrap_or(self.next);
        self.next = number.saturating_add(1);
        match self.sort {
            Sort::Bullet => "- ".to_string(),
            Sort::Bare => String::new(),
            Sort::Letter(first) if (1..=26).contains(&number) => format!("{}. ", char::from(first + (number - 1) as u8)),
            Sort::Roman(upper) if (1..=39).contains(&number) => format!("{}. ", roman(number, upper)),
            _ => format!("{number}. "),
        }
    }
}

fn roman(number: i64, upper: bool) -> String {
    let ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let text = "x".repeat((number / 10) as usize) + ones[(number % 10) as usize];
    if upper { text.to_ascii_uppercase() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers() {
        let three = |mut list: List| [list.marker(""), list.marker(""), list.marker("9")].concat();
        assert_eq!(three(List::unordered(false)), "- - - ");
        assert_eq!(three(List::unordered(true)), "");
        assert_eq!(three(List::ordered("3", "", false)), "3. 4. 9. ");
        assert_eq!(three(List::ordered("", "a", false)), "a. b. i. ");
        assert_eq!(three(List::ordered("13", "I", false)), "XIII. XIV. IX. ");
        assert_eq!(three(List::ordered("99", "A", false)), "99. 100. I. ");
    }
}
