//! (stub; the room is being built)
#[derive(Debug, Clone)]
pub struct Targets;
