//! (stub; the room is being built)
pub async fn serve(_app: std::sync::Arc<crate::app::App>, _listener: tokio::net::TcpListener) -> anyhow::Result<()> {
    todo!()
}
