//! (stub; the room is being built)
use std::path::PathBuf;
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    Maildir,
    Eml,
}
#[derive(Debug, Clone)]
pub struct Folder {
    pub path: PathBuf,
    pub layout: Layout,
}
