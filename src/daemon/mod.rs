//! The daemon: flows around the database, each a loop over a public `step` that tests call and only `run` waits for.
//!
//! fetch (one task a mailbox) → triage → [a person, on the pages] → deliver; sweep looks at the clock, knowledge at the files of the desk's knowledge. A flow that made work for
//! another rings its bell; a lost ring costs one poll interval. An error in a step is logged once here and tried again with
//! backoff: no flow ends before the stop.

pub mod deliver;
pub mod fetch;
pub mod knowledge;
pub mod propose;
pub mod sweep;
pub mod triage;

use crate::app::App;
use crate::{db, web};
use anyhow::Context;
use futures_util::FutureExt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

/// What one step of a flow found to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Worked,
    Idle,
}

/// How often a flow looks by itself: another process (the command line, an import) cannot ring its bell.
const IDLE: Duration = Duration::from_secs(1);
/// How often the files of the desk's knowledge are looked at.
const RELOAD: Duration = Duration::from_secs(2);
/// How long the flows have to end after the stop.
const DRAIN: Duration = Duration::from_secs(5);
/// How long the database may take to close.
const CLOSING: Duration = Duration::from_secs(2);

/// Runs until SIGTERM, SIGINT or `app.bells.stop`.
pub async fn run(app: Arc<App>) -> anyhow::Result<()> {
    let listen = app.settings.listen;
    let listener = tokio::net::TcpListener::bind(listen).await.with_context(|| format!("the review pages cannot listen on {listen}"))?;
    let lock = app.db.lock().await?;
    run_on(app, listener, lock).await
}

/// `run` with the pages on a listener that is already bound, as the only daemon on the database.
pub async fn run_on(app: Arc<App>, listener: tokio::net::TcpListener, lock: db::Lock) -> anyhow::Result<()> {
    deliver::recover(&app).await.context("looking over the outbox after the last stop")?;
    tracing::info!(address = %listener.local_addr()?, mailboxes = app.settings.mailboxes.len(), "casemate runs");
    let mut flows = JoinSet::new();
    for mailbox in &app.settings.mailboxes {
        flows.spawn(fetch::run(Arc::clone(&app), mailbox.clone()));
    }
    flows.spawn(keep(Arc::clone(&app), "triage", IDLE, |a| &a.bells.triage, |a| async move { triage::step(&a).await }));
    flows.spawn(keep(Arc::clone(&app), "deliver", IDLE, |a| &a.bells.deliver, |a| async move { deliver::step(&a).await }));
    flows.spawn(keep(Arc::clone(&app), "sweep", Duration::from_secs(30), |a| &a.bells.sweep, |a| async move { sweep::step(&a).await }));
    flows.spawn(keep(Arc::clone(&app), "knowledge", RELOAD, |a| &a.bells.reload, |a| async move { knowledge::step(&a).await }));
    let pages = tokio::spawn(web::serve(Arc::clone(&app), listener));

    wait_for_stop(&app).await?;
    tracing::info!("stopping");
    app.bells.stop.send_replace(true);
    let drained = tokio::time::timeout(DRAIN, async {
        while flows.join_next().await.is_some() {}
        let _ = pages.await;
    });
    if drained.await.is_err() {
        tracing::warn!("some flows did not end in time; what they were doing is taken up at the next start");
        flows.abort_all();
    }
    drop(lock);
    if tokio::time::timeout(CLOSING, app.db.close()).await.is_err() {
        tracing::warn!("the database did not close in time; what was not committed is rolled back");
    }
    Ok(())
}

async fn wait_for_stop(app: &App) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut stop = app.bells.stop.subscribe();
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = stopped(&mut stop) => {}
    }
    Ok(())
}

/// Resolves when the stop bell rang.
pub async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone: the same as a stop.
    let _ = stop.wait_for(|&stop| stop).await;
}

/// The loop around a step: again at once while there is work, else when the bell rings or `idle` has passed.
async fn keep<F, S>(app: Arc<App>, name: &'static str, idle: Duration, bell: fn(&App) -> &Notify, step: S)
where
    S: Fn(Arc<App>) -> F,
    F: Future<Output = anyhow::Result<Step>>,
{
    let mut stop = app.bells.stop.subscribe();
    let mut failures = 0u32;
    while !*stop.borrow() {
        let pause = match caught(step(Arc::clone(&app))).await {
            Ok(Step::Worked) => {
                failures = 0;
                continue;
            }
            Ok(Step::Idle) => {
                failures = 0;
                idle
            }
            Err(error) => {
                failures += 1;
                tracing::error!(flow = name, failures, error = %describe(&error), "a step failed; trying again");
                backoff(failures)
            }
        };
        tokio::select! {
            _ = bell(&app).notified() => {}
            _ = tokio::time::sleep(pause) => {}
            _ = stopped(&mut stop) => {}
        }
    }
}

/// A panic is an error of this step, not the silent end of the flow. Its place is in the log through the panic hook.
pub(crate) async fn caught<T>(step: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    AssertUnwindSafe(step)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| Err(anyhow::anyhow!("a panic; this is a defect of casemate, please report it")))
}

/// 1 s doubled up to 60 s, with up to a fifth of jitter, so that many mailboxes do not come back in one instant.
pub(crate) fn backoff(failures: u32) -> Duration {
    let base = Duration::from_secs(1u64 << failures.saturating_sub(1).min(6)).min(Duration::from_secs(60));
    base + base.mul_f64(random_fraction() / 5.0)
}

/// 0 ≤ x < 1.
pub(crate) fn random_fraction() -> f64 {
    f64::from(u32::from_le_bytes(random::<4>())) / (f64::from(u32::MAX) + 1.0)
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without a random source there are no tokens to be had; no sensible way on exists.
    getrandom::fill(&mut bytes).unwrap_or_else(|error| panic!("the operating system gives no random bytes: {error}"));
    bytes
}

/// The error with its causes, one line, bounded.
pub(crate) fn describe(error: &anyhow::Error) -> String {
    let mut text = format!("{error:#}").replace(['\r', '\n'], " ");
    if let Some((end, _)) = text.char_indices().nth(600) {
        text.truncate(end);
    }
    text
}

/// An event of casemate itself.
pub(crate) async fn note(
    tx: &mut db::Tx,
    case: crate::case::CaseId,
    kind: crate::case::EventKind,
    at: i64,
    links: (Option<crate::case::MessageKey>, Option<crate::case::DraftId>),
    detail: &str,
) -> db::Result<()> {
    let event =
        db::event::NewEvent { case: Some(case), message: links.0, draft: links.1, at, actor: "casemate", kind: kind.as_str(), detail };
    db::event::insert(tx, &event).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_of_the_step() {
        let error = caught(async { if true { panic!("boom") } else { Ok(()) } }).await.unwrap_err();
        assert!(error.to_string().contains("panic"), "{error}");
    }

    #[test]
    fn backoff_is_bounded() {
        assert!(backoff(1) < Duration::from_secs(2) && backoff(1) >= Duration::from_secs(1));
        assert!(backoff(u32::MAX) <= Duration::from_secs(72));
    }
}
