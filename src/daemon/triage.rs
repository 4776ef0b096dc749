//! (stub; the room is being built)
use super::Step;
use crate::app::App;
use std::sync::Arc;
pub async fn step(_app: &Arc<App>) -> anyhow::Result<Step> {
    anyhow::bail!("not built yet")
}
