//! The planted difficulties: what real customers' clients and habits do to a thread, and which evidence is left.

/// Each says what was done to the mail and which evidence should decide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Difficulty {
    /// The first mail of a case, with or without a number of the customer's CRM. Evidence: none known, so a new case.
    Request,
    /// An ordinary reply. Evidence: number and In-Reply-To.
    Plain,
    /// No In-Reply-To, no References (some web clients and gateways drop them). Evidence: number with the sender's address.
    NoReferences,
    /// The customer cut the number out of the subject or rewrote it behind the reply prefix. Evidence: References.
    LostNumber,
    /// `答复: 回复: Re: 转发: ` before our subject, half of them without References. Evidence: number, else base subject.
    PrefixStack,
    /// The body names another case's number, half of them with the number cut out of the subject. Evidence: subject or References;
    /// a number in a body is never evidence.
    BodyNamesAnother,
    /// A new matter opened by answering an old mail: subject replaced (half of them with a new number of the CRM), References kept.
    /// Evidence: a new number, or a subject that differs and has no reply prefix; so a new case.
    NewMatter,
    /// The same bytes again (moved back to the inbox, fetched from a second mailbox). Evidence: the hash; no second message.
    Duplicate,
    /// The same Message-ID with other bytes (re-sent through a gateway that adds a header). Evidence: as the first copy.
    Resend,
    /// Characters that GBK has and GB2312 has not, under the label gb2312, later from a UTF-8 client without number and
    /// References. Evidence: sender and base subject, which must read the same in both charsets.
    RareCharacters,
    /// A colleague of the customer takes over by forwarding; without References where the company has its own domain.
    /// Evidence: number with the sender's domain; on a shared domain, References.
    Colleague,
    /// The customer rewrote the subject but left the tracking token. Evidence: token with the sender.
    TokenAlone,
    /// The token was used in another customer's case, too, for its counter wraps; the number is cut out. Evidence: token with the
    /// sender, or sender and base subject.
    WrappedToken,
    /// Two customers have a case with one and the same title; number and References are gone. Evidence: sender and base subject.
    SameSubject,
    /// One customer has two open cases with different titles; number and References are gone. Evidence: sender and base subject.
    TwoOpenCases,
    /// Written anew on a phone: the title typed again, no prefix, no number, no References. Evidence: sender and base subject.
    PhoneNoPrefix,
    /// The number typed in lower case or full width, no References. Evidence: number with the sender, after normalising.
    NumberWritten,
    /// Somebody of another company, copied on the request, answers without References. Evidence: number with an address that is in
    /// the case.
    CopiedPartner,
    /// The subject names another customer's case before its own. Evidence: of the two numbers, the one that the sender belongs to.
    TwoNumbers,
    /// A gateway put its tag before the subject; number and References are gone. Evidence: sender and base subject, without the tag.
    GatewayTag,
    /// An out-of-office reply to our mail. Evidence: number and In-Reply-To; it must not change the case.
    OutOfOffice,
}

impl Difficulty {
    /// Those that any case may get; the others need a case made for them.
    pub const FREE: &'static [Difficulty] = &[
        Difficulty::Plain,
        Difficulty::NoReferences,
        Difficulty::LostNumber,
        Difficulty::PrefixStack,
        Difficulty::BodyNamesAnother,
        Difficulty::Duplicate,
        Difficulty::Resend,
        Difficulty::Colleague,
        Difficulty::TokenAlone,
        Difficulty::WrappedToken,
        Difficulty::PhoneNoPrefix,
        Difficulty::NumberWritten,
        Difficulty::CopiedPartner,
        Difficulty::TwoNumbers,
        Difficulty::GatewayTag,
        Difficulty::OutOfOffice,
    ];
}
