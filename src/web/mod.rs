//! Review pages: queue, case, report, quarantine, survey, people. Server-rendered HTML, no script needed for anything.
//!
//! A flow: each page is one reading transaction, each button one call of [`crate::review`], answered with a 303. Web never
//! touches IMAP or SMTP: an approval writes an outbox row. `guard` stands around every request (forged origin, panics, error
//! pages, headers, session); a page that needs a login takes `session::Signed`, a form takes `session::Posted`, which has
//! checked the form's token. Sessions and links are stored as SHA-256 only. All words are in `templates/pages/text.toml`.

mod account;
mod action;
mod asset;
mod case;
mod cases;
mod diff;
mod draft;
mod due;
mod engineer;
mod error;
mod finding;
mod guard;
mod health;
mod language;
mod login;
mod mail;
mod page;
mod quarantine;
mod queue;
mod refusal;
mod report;
pub mod session;
mod survey;
mod text;
mod thread;
mod time;

pub use error::Error;

use crate::app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use std::future::IntoFuture as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// Largest form accepted; a body typed by a person is far below.
const BODY_BYTES: usize = 1024 * 1024;
/// Rows of one page of any list.
const PAGE_ROWS: i64 = 50;
/// How long open requests may take after the stop bell.
const DRAIN: Duration = Duration::from_secs(3);

/// What every page has at hand.
pub struct Pages {
    app: Arc<App>,
    zone: jiff::tz::TimeZone,
    login: login::Limits,
}
type Shared = Arc<Pages>;
type Answer = Result<axum::response::Response, Error>;

/// All routes, ready to serve; tests drive it directly.
pub fn router(app: Arc<App>) -> Router {
    let pages = Arc::new(Pages { zone: time::zone(&app), login: login::Limits::default(), app });
    Router::new()
        .merge(work_routes())
        .merge(people_routes())
        .fallback(not_found)
        .method_not_allowed_fallback(not_found)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&pages), guard::around))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .with_state(pages)
}

/// Serves until the stop bell, then at most `DRAIN` longer. Errors: the listener's.
pub async fn serve(app: Arc<App>, listener: TcpListener) -> anyhow::Result<()> {
    let mut stop = app.bells.stop.subscribe();
    let mut late = app.bells.stop.subscribe();
    login::warm_up();
    let server = axum::serve(listener, router(app)).with_graceful_shutdown(async move {
        // An error means that the bell is gone, which is a stop too.
        let _ = stop.wait_for(|stop| *stop).await;
    });
    let overdue = async move {
        let _ = late.wait_for(|stop| *stop).await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        served = server.into_future() => Ok(served?),
        () = overdue => Ok(()),
    }
}

fn work_routes() -> Router<Shared> {
    Router::new()
        .route("/", get(queue::show))
        .route("/cases", get(cases::show))
        .route("/case/{number}", get(case::show))
        .route("/case/{number}/assign", post(action::assign))
        .route("/case/{number}/priority", post(action::set_priority))
        .route("/case/{number}/note", post(action::note))
        .route("/case/{number}/propose", post(action::propose))
        .route("/case/{number}/close", post(action::close))
        .route("/case/{number}/reopen", post(action::reopen))
        .route("/case/{number}/cancel", post(action::cancel))
        .route("/case/{number}/merge", post(action::merge))
        .route("/draft/{id}/check", post(draft::check))
        .route("/draft/{id}/save", post(draft::save))
        .route("/draft/{id}/approve", post(draft::approve))
        .route("/draft/{id}/discard", post(draft::discard))
        .route("/outbox/{id}/arrived", post(action::arrived))
        .route("/outbox/{id}/again", post(action::send_again))
        .route("/message/{key}", get(mail::show))
        .route("/message/{key}/raw", get(mail::raw))
        .route("/report", get(report::show))
        .route("/report.csv", get(report::csv))
        .route("/quarantine", get(quarantine::show))
        .route("/quarantine/{key}", post(quarantine::settle))
        .route("/account", get(account::show))
}

fn people_routes() -> Router<Shared> {
    Router::new()
        .route("/login", get(login::show).post(login::enter))
        .route("/login/{token}", get(login::show_link).post(login::use_link))
        .route("/logout", post(login::leave))
        .route("/me", get(engineer::show_me).post(engineer::change_password))
        .route("/engineers", get(engineer::show).post(engineer::add))
        .route("/engineers/{login}", post(engineer::change))
        .route("/language", post(language::choose))
        .route("/survey/{token}", get(survey::show).post(survey::answer))
        .route("/healthz", get(health::health))
        .route("/metrics", get(health::metrics))
        .route("/static/{name}", get(asset::serve))
}

async fn not_found() -> Error {
    Error::NotFound
}
