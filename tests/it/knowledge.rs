//! Knowledge read again while the daemon runs: a good change is used, a bad one is refused and named, the old set stays.

use crate::desk::{Desk, Engine};
use casemate::daemon::{Step, knowledge};
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
