//! The stylesheet, the scripts and the icon, embedded; named with their hash, so that browsers keep them for good.

use super::{Answer, Error};
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

struct Asset {
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
    /// First 16 hex digits of the SHA-256.
    hash: String,
}

static ASSETS: LazyLock<[Asset; 4]> = LazyLock::new(|| {
    [
        asset("style.css", "text/css; charset=utf-8", include_bytes!("../../templates/pages/style.css")),
        asset("keys.js", "text/javascript; charset=utf-8", include_bytes!("../../templates/pages/keys.js")),
        asset("check.js", "text/javascript; charset=utf-8", include_bytes!("../../templates/pages/check.js")),
        asset("icon.svg", "image/svg+xml", include_bytes!("../../templates/pages/icon.svg")),
    ]
});

fn asset(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Asset {
    let hash = Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Asset { name, content_type, bytes, hash }
}

/// Path with the hash; an unknown name gives a path that is not found.
pub(super) fn path(name: &str) -> String {
    let hash = ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| asset.hash.as_str());
    format!("/static/{name}?v={hash}")
}

pub(super) async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Answer {
    let asset = ASSETS.iter().find(|asset| asset.name == name).ok_or(Error::NotFound)?;
    let etag = format!("\"{}\"", asset.hash);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let kept = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_string())];
    if known.is_some_and(|known| known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    Ok((kept, [(header::CONTENT_TYPE, asset.content_type)], asset.bytes).into_response())
}
