//! Character references of HTML (HTML Living Standard §13.5): numeric ones, those of HTML 4 and the newer ones that mail uses.
//!
//! Numbers 128 to 159 mean windows-1252; emoji written as two surrogates are joined. A missing semicolon is forgiven where
//! browsers forgive it, but not before a letter or `=`, so that addresses with `&copy=` stay whole.

use std::sync::LazyLock;

/// Reads one reference at the start of `text` (which begins with `&`): the character and the bytes consumed.
pub fn reference(text: &str) -> Option<(char, usize)> {
    let bytes = text.as_bytes();
    match bytes.get(1)? {
        b'#' => number(bytes).map(|(code, used)| surrogates(code, used, bytes)),
        b'n' if bytes.starts_with(b"&nbsp;") => Some(('\u{a0}', 6)),
        b'l' if bytes.starts_with(b"&lt;") => Some(('<', 4)),
        b'g' if bytes.starts_with(b"&gt;") => Some(('>', 4)),
        b'a' if bytes.starts_with(b"&amp;") => Some(('&', 5)),
        b'q' if bytes.starts_with(b"&quot;") => Some(('"', 6)),
        _ => named(bytes),
    }
}

/// `&#20320;`, `&#x4f60`: the number and the bytes used.
fn number(bytes: &[u8]) -> Option<(u32, usize)> {
    let is_hex = matches!(bytes.get(2)?, b'x' | b'X');
    let start = 2 + usize::from(is_hex);
    let radix = if is_hex { 16 } else { 10 };
    let digits = bytes[start..].iter().take(10).take_while(|b| char::from(**b).is_digit(radix)).count();
    let text = std::str::from_utf8(&bytes[start..start + digits]).ok()?;
    let code = u32::from_str_radix(text, radix).ok()?;
    let end = start + digits;
    Some((code, end + usize::from(bytes.get(end) == Some(&b';'))))
}

/// Seen in practice (old web mail): an emoji as two references, one for each half of its UTF-16.
fn surrogates(code: u32, used: usize, bytes: &[u8]) -> (char, usize) {
    if (0xD800..0xDC00).contains(&code)
        && bytes[used..].starts_with(b"&#")
        && let Some((low @ 0xDC00..0xE000, more)) = number(&bytes[used..])
        && let Some(c) = char::from_u32(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00))
    {
        return (c, used + more);
    }
    (windows_code(code), used)
}

/// Code points 128 to 159 mean windows-1252 in practice.
fn windows_code(code: u32) -> char {
    if (0x80..0xA0).contains(&code) {
        let byte = [code as u8];
        return encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0.chars().next().unwrap_or('\u{fffd}');
    }
    char::from_u32(code).filter(|c| *c != '\0').unwrap_or('\u{fffd}')
}

fn named(bytes: &[u8]) -> Option<(char, usize)> {
    let len = bytes[1..].iter().take(17).take_while(|b| b.is_ascii_alphanumeric()).count();
    let name = std::str::from_utf8(&bytes[1..1 + len]).ok()?;
    let next = bytes.get(1 + len);
    if let Some(c) = find(name) {
        let is_closed = next == Some(&b';');
        if is_closed || (c < '\u{100}' && next != Some(&b'=')) {
            return Some((c, 1 + len + usize::from(is_closed)));
        }
        return None;
    }
    // Run together with the word after it.
    let fixed = [("nbsp", '\u{a0}'), ("quot", '"'), ("amp", '&'), ("lt", '<'), ("gt", '>')];
    let (known, c) = fixed.into_iter().find(|(known, _)| name.starts_with(known))?;
    (next != Some(&b'=')).then_some((c, 1 + known.len()))
}

fn find(name: &str) -> Option<char> {
    let at = TABLE.binary_search_by_key(&name, |(known, _)| known).ok()?;
    Some(TABLE[at].1)
}

/// Sorted by name.
static TABLE: LazyLock<Vec<(&str, char)>> = LazyLock::new(|| {
    let read = |word: &'static str| {
        let (name, value) = word.split_once('=')?;
        let code = value.strip_prefix('u').filter(|hex| !hex.is_empty()).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        Some((name, code.and_then(char::from_u32).or_else(|| value.chars().next())?))
    };
    let mut table: Vec<(&str, char)> = NAMES.split_ascii_whitespace().filter_map(read).collect();
    table.sort_unstable();
    table
});

/// Names with their characters, or with the code of one that cannot be seen.
const NAMES: &str = "\
    AElig=Æ AMP=& Aacute=Á Acirc=Â Agrave=À Alpha=Α Aogon=Ą Aring=Å Atilde=Ã Auml=Ä Beta=Β COPY=© Cacute=Ć Ccaron=Č Ccedil=Ç Chi=Χ Dagger=‡ \
    Dcaron=Ď Delta=Δ ETH=Ð Eacute=É Ecaron=Ě Ecirc=Ê Egrave=È Eogon=Ę Epsilon=Ε Eta=Η Euml=Ë GT=> Gamma=Γ Gbreve=Ğ Iacute=Í Icirc=Î Idot=İ \
    Igrave=Ì Iota=Ι Iuml=Ï Kappa=Κ LT=< Lambda=Λ Lstrok=Ł Mu=Μ Nacute=Ń Ncaron=Ň NewLine=ua NoBreak=u2060 NonBreakingSpace=ua0 Ntilde=Ñ \
    Nu=Ν OElig=Œ Oacute=Ó Ocirc=Ô Odblac=Ő Ograve=Ò Omega=Ω Omicron=Ο Oslash=Ø Otilde=Õ Ouml=Ö Phi=Φ Pi=Π Prime=″ Psi=Ψ QUOT=u22 REG=® \
    Rcaron=Ř Rho=Ρ Sacute=Ś Scaron=Š Scedil=Ş Sigma=Σ THORN=Þ TRADE=™ Tab=u9 Tau=Τ Tcaron=Ť Theta=Θ Uacute=Ú Ucirc=Û Udblac=Ű Ugrave=Ù \
    Upsilon=Υ Uring=Ů Uuml=Ü Xi=Ξ Yacute=Ý Yuml=Ÿ Zacute=Ź Zcaron=Ž Zdot=Ż ZeroWidthSpace=u200b Zeta=Ζ aacute=á acirc=â acute=´ aelig=æ \
    agrave=à alefsym=ℵ alpha=α amacr=ā amp=& and=∧ ang=∠ aogon=ą apos=' aring=å ast=* asymp=≈ atilde=ã auml=ä bdquo=„ beta=β bigstar=★ \
    blacksquare=▪ brvbar=¦ bsol=u5c bull=• bullet=• cacute=ć cap=∩ ccaron=č ccedil=ç cedil=¸ cent=¢ check=✓ checkmark=✓ chi=χ cir=○ circ=ˆ \
    clubs=♣ colon=: comma=, commat=@ cong=≅ copy=© copysr=℗ crarr=↵ cross=✗ cup=∪ curren=¤ dArr=⇓ dagger=† darr=↓ dash=‐ dcaron=ď deg=° \
    delta=δ diams=♦ divide=÷ dollar=$ dtri=▿ eacute=é ecaron=ě ecirc=ê egrave=è ell=ℓ emacr=ē empty=∅ emsp=u2003 emsp13=u2004 emsp14=u2005 \
    ensp=u2002 eogon=ę epsilon=ε equals== equiv=≡ eta=η eth=ð euml=ë euro=€ excl=! exist=∃ female=♀ fflig=ﬀ filig=ﬁ fllig=ﬂ fnof=ƒ forall=∀ \
    frac12=½ frac13=⅓ frac14=¼ frac15=⅕ frac18=⅛ frac23=⅔ frac34=¾ frac38=⅜ frac58=⅝ frac78=⅞ frasl=⁄ gamma=γ gbreve=ğ ge=≥ grave=` gt=> \
    hArr=⇔ hairsp=u200a half=½ harr=↔ hearts=♥ hellip=… horbar=― hyphen=‐ iacute=í icirc=î iexcl=¡ igrave=ì imacr=ī image=ℑ imath=ı infin=∞ \
    inodot=ı int=∫ iota=ι iquest=¿ isin=∈ iuml=ï kappa=κ lArr=⇐ lambda=λ lang=〈 laquo=« larr=← larrhk=↩ lbrace={ lbrack=[ lceil=⌈ lcub={ \
    ldquo=“ le=≤ lfloor=⌊ lowast=∗ lowbar=_ loz=◊ lpar=( lrm=u200e lsaquo=‹ lsqb=[ lsquo=‘ lstrok=ł lt=< ltri=◃ macr=¯ male=♂ map=↦ mdash=— \
    micro=µ middot=· minus=− mldr=… mu=μ nabla=∇ nacute=ń nbsp=ua0 ncaron=ň ndash=– ne=≠ ni=∋ nldr=‥ not=¬ notin=∉ nsub=⊄ ntilde=ñ nu=ν \
    num=# numsp=u2007 oacute=ó ocirc=ô odblac=ő oelig=œ ograve=ò oline=‾ omacr=ō omega=ω omicron=ο oplus=⊕ or=∨ ordf=ª ordm=º oslash=ø \
    otilde=õ otimes=⊗ ouml=ö para=¶ part=∂ percnt=% period=. permil=‰ perp=⊥ phi=φ phone=☎ pi=π piv=ϖ plus=+ plusmn=± pound=£ prime=′ \
    prod=∏ prop=∝ psi=ψ puncsp=u2008 quest=? quot=u22 rArr=⇒ radic=√ rang=〉 raquo=» rarr=→ rarrhk=↪ rbrace=} rbrack=] rcaron=ř rceil=⌉ \
    rcub=} rdquo=” real=ℜ reg=® rfloor=⌋ rho=ρ rlm=u200f rpar=) rsaquo=› rsqb=] rsquo=’ rtri=▹ sacute=ś sbquo=‚ scaron=š scedil=ş sdot=⋅ \
    sect=§ semi=; shy=uad sigma=σ sigmaf=ς sim=∼ sol=/ spades=♠ squ=□ square=□ squf=▪ star=☆ starf=★ sub=⊂ sube=⊆ sum=∑ sup=⊃ sup1=¹ sup2=² \
    sup3=³ supe=⊇ szlig=ß tau=τ tcaron=ť there4=∴ theta=θ thetasym=ϑ thinsp=u2009 thorn=þ tilde=˜ times=× trade=™ triangle=▵ uArr=⇑ \
    uacute=ú uarr=↑ ucirc=û udblac=ű ugrave=ù umacr=ū uml=¨ upsih=ϒ upsilon=υ uring=ů utri=▵ uuml=ü verbar=| vert=| weierp=℘ xi=ξ yacute=ý \
    yen=¥ yuml=ÿ zacute=ź zcaron=ž zdot=ż zeta=ζ zwj=u200d zwnj=u200c";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for (text, want) in [
            ("&amp;x", Some(('&', 5))),
            ("&nbsp x", Some(('\u{a0}', 5))),
            ("&nbspx", Some(('\u{a0}', 5))),
            ("&#20320;", Some(('你', 8))),
            ("&#x4f60;", Some(('你', 8))),
            ("&#X4F60", Some(('你', 7))),
            ("&#150;", Some(('–', 6))),
            ("&#55357;&#56832;", Some(('😀', 16))),
            ("&#55357;x", Some(('\u{fffd}', 8))),
            ("&#0;", Some(('\u{fffd}', 4))),
            ("&copy=1", None),
            ("&lt=1", None),
            ("&copy 1", Some(('©', 5))),
            ("&hellip 1", None),
            ("&hellip;", Some(('…', 8))),
            ("&Auml;", Some(('Ä', 6))),
            ("&auml;", Some(('ä', 6))),
            ("&uml;", Some(('¨', 5))),
            ("&zwnj;", Some(('\u{200c}', 6))),
            ("&NBSP;", None),
            ("&AMP;", Some(('&', 5))),
            ("&quest;", Some(('?', 7))),
            ("&equals;", Some(('=', 8))),
            ("&bsol;", Some(('\\', 6))),
            ("&yen", Some(('¥', 4))),
            ("& ", None),
            ("&#x;", None),
            ("&", None),
            ("&#99999999999;", None),
            ("&好;", None),
        ] {
            assert_eq!(reference(text), want, "{text}");
        }
        assert!(TABLE.len() > 300 && TABLE.iter().all(|(name, _)| find(name).is_some()));
    }
}
