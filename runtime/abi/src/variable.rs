//! Variables of the environment that are meant for the runtime. The guest does not see them.

/// Says to start without the checkpoint, whatever its value.
pub const COLD_START: &str = "ADDER_COLD_START";

/// Has the executable explain something; with the value `start`, whether it goes on from the checkpoint, or why not.
pub const EXPLAIN: &str = "ADDER_EXPLAIN";

/// Says where an instrumented executable writes its profile.
pub const PROFILE: &str = "ADDER_PROFILE";

/// Returns the value in a text `NAME=VALUE`, if the name is this one.
// Every start asks this of every variable: with a name that is constant, it is a few instructions.
#[inline(always)]
pub fn value<'a>(text: &'a [u8], name: &str) -> Option<&'a [u8]> {
    text.strip_prefix(name.as_bytes())?.strip_prefix(b"=")
}
