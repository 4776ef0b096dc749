//! (stub; the room is being built)
