//! Knowledge read again while the daemon runs: a good change is used, a bad one is refused and named, the old set stays.

use crate::desk::{Desk, Engine};
use casemate::daemon::{Step, knowledge};
use sha2::{Digest, Sha256};
use std::fs;

const RULE: &str = "[[rule]]\nname = \"printing\"\nwhen.words_any = [\"打印\"]\nset.category = \"printing\"\n";

fn rules(desk: &Desk) -> Vec<String> {
    desk.app.knowledge().rules.rules.iter().map(|rule| rule.name.clone()).collect()
}

fn warning(desk: &Desk) -> Option<String> {
    desk.app.warnings.read().unwrap().get("knowledge").cloned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_file_is_used_and_a_bad_one_is_refused() {
    let desk = Desk::with_files(
        Engine::Sqlite,
        "[rules]\nfile = \"rules.toml\"\n[templates]\ndirectory = \"own\"\n",
        &[("rules.toml", RULE), ("own/articles/.keep", "")],
    )
    .await;
    assert_eq!(knowledge::step(&desk.app).await.unwrap(), Step::Idle);
    assert_eq!(rules(&desk), ["printing"]);

    fs::write(desk.dir.path().join("rules.toml"), format!("{RULE}[[rule]]\nname = \"urgent\"\nset.priority = \"high\"\n")).unwrap();
    knowledge::step(&desk.app).await.unwrap();
    assert_eq!(rules(&desk), ["printing", "urgent"]);

    fs::write(desk.dir.path().join("rules.toml"), format!("{RULE}[[rule]]\nname = \"urgent\"\nset.priority = \"soonest\"\n")).unwrap();
    knowledge::step(&desk.app).await.unwrap();
    let said = warning(&desk).expect("the refusal is shown");
    assert!(said.contains("rules.toml:7") && said.contains("soonest"), "{said}");
    assert_eq!(rules(&desk), ["printing", "urgent"], "the old set stays");

    fs::write(desk.dir.path().join("rules.toml"), RULE).unwrap();
    let article = "+++\ntitle = \"投影\"\nlanguage = \"zh\"\nasks = [['投影', 3.0]]\n+++\n请检查投影仪。\n";
    fs::write(desk.dir.path().join("own/articles/projector.md"), article).unwrap();
    knowledge::step(&desk.app).await.unwrap();
    assert_eq!((rules(&desk).as_slice(), warning(&desk)), (&["printing".to_owned()][..], None));
    assert!(desk.app.knowledge().kit.articles.find("projector").is_some());
}

/// A draft's text and its reasons of that name, from a desk that begins with this mail.
async fn drafted(files: &[(&str, &str)], raw: &[u8]) -> (String, Vec<(String, String)>) {
    let extra = "[rules]\nfile = \"rules.toml\"\n[templates]\ndirectory = \"own\"\n";
    let desk = Desk::with_files(Engine::Sqlite, extra, files).await;
    desk.drop_mail("1.eml", raw);
    desk.take_in().await;
    let draft = desk.draft().await;
    let why: Vec<casemate::triage::Reason> = serde_json::from_str(&draft.why).unwrap();
    (format!("{}\n{}", draft.subject, draft.body), why.into_iter().map(|reason| (reason.name, reason.text)).collect())
}

fn of<'a>(why: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    why.iter().filter(|(n, _)| n == name).map(|(_, text)| text.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_mail_and_hashes_give_the_same_bytes() {
    let request = fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/request.eml")).unwrap();
    let shipped = [("rules.toml", RULE), ("own/articles/.keep", "")];
    let (first, first_why) = drafted(&shipped, &request).await;
    let (second, second_why) = drafted(&shipped, &request).await;
    assert_eq!((&first, &first_why), (&second, &second_why));
    let hashes = of(&first_why, "knowledge.hash");
    assert_eq!(hashes.len(), 1, "{first_why:#?}");
    let sum = Sha256::digest(&request).iter().take(6).map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!(of(&first_why, "mail.hash"), [sum.as_str()]);
    assert!(
        of(&first_why, "fact.source").iter().any(|text| text.starts_with("KB4577668：") && text.contains("更新目录：2020-")),
        "{first_why:#?}"
    );

    // Each file counts for its own part of the hashes.
    let parts = |why: &[(String, String)]| of(why, "knowledge.hash")[0].split('，').map(str::to_owned).collect::<Vec<_>>();
    let differing = |why: &[(String, String)]| {
        let (here, there) = (parts(&first_why), parts(why));
        here.iter().zip(there).filter(|(a, b)| *a != b).map(|(a, _)| a.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let rule = format!("{RULE}\n");
    let article = "+++\ntitle = \"投影\"\nlanguage = \"zh\"\nasks = [['投影', 3.0]]\n+++\n请检查投影仪。\n";
    for (files, expected) in [
        ([("rules.toml", rule.as_str()), ("own/articles/.keep", "")], "规则"),
        ([("rules.toml", RULE), ("own/articles/projector.md", article)], "知识条目"),
        ([("rules.toml", RULE), ("own/drafts/reminder/zh/subject.hbs", "提醒 {{case.number}}")], "模板"),
    ] {
        assert_eq!(differing(&drafted(&files, &request).await.1), [expected]);
    }
}
