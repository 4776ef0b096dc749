//! Knowledge as a flow: rules, templates, articles and catalogue are read again when their files change. What is wrong is refused as a
//! whole, named in the log and on the pages, and the old set stays in use.

use super::Step;
use crate::app::App;
use std::sync::Arc;

/// Looks once.
pub async fn step(app: &Arc<App>) -> anyhow::Result<Step> {
    let reading = Arc::clone(app);
    match tokio::task::spawn_blocking(move || (reading.reload)()).await? {
        Ok(None) => {}
        Ok(Some(knowledge)) => {
            let (rules, articles) = (knowledge.rules.rules.len(), knowledge.kit.articles.list().len());
            app.set_knowledge(knowledge);
            app.warn("knowledge", None);
            tracing::info!(rules, articles, "the desk's knowledge was read again");
            let _ = app.bells.pages.send(());
        }
        Err(problems) => {
            if app.warn("knowledge", Some(problems.clone())) {
                tracing::warn!(problems, "a change of the desk's knowledge is refused; what was in use stays");
                let _ = app.bells.pages.send(());
            }
        }
    }
    Ok(Step::Idle)
}
