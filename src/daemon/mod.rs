//! (stub; the room is being built)
pub mod triage;
use crate::app::App;
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Worked,
    Idle,
}
pub async fn run(_app: Arc<App>) -> anyhow::Result<()> {
    anyhow::bail!("not built yet")
}
