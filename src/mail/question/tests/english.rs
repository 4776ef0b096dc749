//! Questions in English mails: lists of every numbering, then single sentences.

use super::{Row, check};

const LISTS: &[Row] = &[
    ("Q1: Why?\nQ2: How to fix it?", &[("Q1", "Why?"), ("Q2", "How to fix it?")]),
    ("Question 1: Why does it roll back?\nQuestion 2: Is there a fix?", &[("Q1", "Why does it roll back?"), ("Q2", "Is there a fix?")]),
    (
        "Could you please advise:\na) which KB is required\nb) whether a reboot is needed",
        &[("a", "which KB is required"), ("b", "whether a reboot is needed")],
    ),
    (
        "Please clarify:\nA. Is a reboot required?\nB. Can it be postponed?",
        &[("A", "Is a reboot required?"), ("B", "Can it be postponed?")],
    ),
    (
        "Questions:\ni) which KB is required\nii) is a reboot needed\niii) how long does it take",
        &[("i", "which KB is required"), ("ii", "is a reboot needed"), ("iii", "how long does it take")],
    ),
    (
        "Could you please answer:\n- is KB4577668 released?\n- how to install it?",
        &[("", "is KB4577668 released?"), ("", "how to install it?")],
    ),
    (
        "Hello,\n\nWe would like to know the following:\n1. Is KB4577668 released?\n2. How do we install it offline?\n\nBest regards,\nTom",
        &[("1", "Is KB4577668 released?"), ("2", "How do we install it offline?")],
    ),
    (
        "I have two questions: 1) is the update mandatory, 2) can we postpone it? Thanks",
        &[("1", "is the update mandatory"), ("2", "can we postpone it?")],
    ),
    (
        "Please advise on the points below.\n(1) Supported versions\n(2) Order of installation\n(3) Rollback plan\nThanks in advance",
        &[("1", "Supported versions"), ("2", "Order of installation"), ("3", "Rollback plan")],
    ),
    (
        "1. We installed KB4577668 on 20 machines and all of them rolled back at\nthe restart. Has this been seen at other customers?\n2. What are the possible\ncauses?\n3. Please provide a way to investigate it.\n\nRegards",
        &[
            (
                "1",
                "We installed KB4577668 on 20 machines and all of them rolled back at the restart. Has this been seen at other customers?",
            ),
            ("2", "What are the possible causes?"),
            ("3", "Please provide a way to investigate it."),
        ],
    ),
    (
        "Steps taken:\n1. Stopped the service\n2. Checked whether it is stopped\n3. Restarted\n\nWhat should we try next?",
        &[("", "What should we try next?")],
    ),
    (
        "Environment:\n1. Windows 10 1809\n2. WSUS\n\nQuestions:\n1. Which KB fixes it?\n2. Do we need the SSU?",
        &[("1", "Which KB fixes it?"), ("2", "Do we need the SSU?")],
    ),
    (
        "We see the following issues:\n1. Update fails with 0x800f0922\n2. Restart takes an hour\nPlease help.",
        &[("1", "Update fails with 0x800f0922"), ("2", "Restart takes an hour")],
    ),
    (
        "1. Is it a known issue?\n   - on 1809?\n   - on 1909?\n2. Is there a workaround?",
        &[("1", "Is it a known issue? - on 1809? - on 1909?"), ("2", "Is there a workaround?")],
    ),
    ("* Is it a known issue?\n* Is there a workaround?", &[("", "Is it a known issue?"), ("", "Is there a workaround?")]),
    (
        "1. Is it released?\n2. How do we get it?\n\nAlso, when does support of 1809 end?\n\nThanks,\nAnn",
        &[("1", "Is it released?"), ("2", "How do we get it?"), ("", "Also, when does support of 1809 end?")],
    ),
    (
        "Can we skip the update? If not:\n1. When must it be installed?\n2. Who restarts the server?",
        &[("", "Can we skip the update?"), ("1", "When must it be installed?"), ("2", "Who restarts the server?")],
    ),
    ("#\tQuestion\n1\tIs the SSU required?\n2\tIs a reboot required?", &[("1", "Is the SSU required?"), ("2", "Is a reboot required?")]),
    ("Q1. Is it released; and\nQ2. can it be removed?", &[("Q1", "Is it released"), ("Q2", "can it be removed?")]),
    (
        "The following machines are affected:\n1. PC-001\n2. PC-002\nCan you tell us which log you need?",
        &[("", "Can you tell us which log you need?")],
    ),
    ("Should we install these updates?\n- KB4577668\n- KB4579976", &[("", "Should we install these updates?")]),
];

const SENTENCES: &[Row] = &[
    ("Update fails. Could you help? See https://x.example/?a=1", &[("", "Update fails. Could you help?")]),
    ("Is this expected? Please advise.", &[("", "Is this expected?")]),
    ("Hi Tom,\ncould you tell us which update is required? Thanks", &[("", "could you tell us which update is required?")]),
    ("Hello, is there an offline installer for KB4577668?", &[("", "is there an offline installer for KB4577668?")]),
    (
        "The update rolls back on every PC. How can we find out why? Is there a log we should look at?",
        &[("", "How can we find out why?"), ("", "Is there a log we should look at?")],
    ),
    ("Please advise how to uninstall KB4577668.", &[("", "Please advise how to uninstall KB4577668.")]),
    ("Please provide the offline installer of the October update.", &[("", "Please provide the offline installer of the October update.")]),
    ("We would like to know if the update can be postponed.", &[("", "We would like to know if the update can be postponed.")]),
    ("Hi, quick question - does the update include the SSU", &[("", "quick question - does the update include the SSU")]),
    ("How to reset Windows Update", &[("", "How to reset Windows Update")]),
    ("How are you? The update fails with 0x800f0922. Which KB is missing?", &[("", "Which KB is missing?")]),
    ("The server restarts by itself. Why?", &[("", "The server restarts by itself. Why?")]),
    ("We removed KB4577668 and blocked it in WSUS. Is that ok?", &[("", "We removed KB4577668 and blocked it in WSUS. Is that ok?")]),
    (
        "We have about 300 computers in a network without internet access, can you tell us\nhow the cumulative update can be installed there?",
        &[(
            "",
            "We have about 300 computers in a network without internet access, can you tell us how the cumulative update can be installed there?",
        )],
    ),
    ("Any update on this?", &[("", "Any update on this?")]),
    ("Please let us know whether KB4577668 supersedes KB4570333.", &[("", "Please let us know whether KB4577668 supersedes KB4570333.")]),
    ("The dialog says \"Do you want to restart now?\" and then hangs. What can we do?", &[("", "What can we do?")]),
    (
        "Thanks for the quick answer. Does the same apply to Server 2019? And do we need the SSU first?",
        &[("", "Does the same apply to Server 2019?"), ("", "And do we need the SSU first?")],
    ),
    ("Why has nobody answered my mail?", &[("", "Why has nobody answered my mail?")]),
    (
        "Is version 17763.1397 affected, e.g. by the printing issue? We use approx. 40 printers.",
        &[("", "Is version 17763.1397 affected, e.g. by the printing issue?")],
    ),
    ("I wonder whether the antivirus is the cause", &[("", "I wonder whether the antivirus is the cause")]),
];

#[test]
fn lists() {
    check(LISTS);
}

#[test]
fn sentences() {
    check(SENTENCES);
}
