//! Hosts and services, as far as the guest may look them up.
//!
//! An address that is written out needs no grant, nor does `localhost`, which is this machine everywhere. Any other name reads the
//! hosts file and asks name servers, and so is for those who may use the host that it names.

use super::address::Address;
use super::lookup::{self, Answer, NameError, Wanted};
use super::{grant, refusal};
use alloc::ffi::CString;
use core::ffi::CStr;

/// Looks up a host, a service or both.
pub fn look_up(host: Option<&CStr>, service: Option<&CStr>, wanted: &Wanted) -> Result<Answer, NameError> {
    let may_read_services = grant::may_look_up_numbers();
    let flags = wanted.flags | if may_read_services { 0 } else { libc::AI_NUMERICSERV };
    let numeric = Wanted { flags: flags | libc::AI_NUMERICHOST, ..*wanted };
    let answer = lookup::look_up(host, service, &numeric);
    let is_numeric_service =
        service.is_none_or(|service| service.to_bytes().iter().all(u8::is_ascii_digit)) || may_read_services;
    let name = host.and_then(|host| host.to_str().ok());
    let by_name = name.filter(|_| answer.is_err());
    let answer = match (answer, name) {
        (Err(NameError::NoName), Some(name)) if is_numeric_service && wanted.flags & libc::AI_NUMERICHOST == 0 => {
            if grant::may_look_up(name) {
                lookup::look_up(host, service, &Wanted { flags, ..*wanted })
            } else if name.eq_ignore_ascii_case("localhost") {
                // Without a host and without that flag, it is this machine.
                let service = service.unwrap_or(c"0");
                let here = Wanted { flags: flags & !(libc::AI_PASSIVE | libc::AI_CANONNAME), ..*wanted };
                lookup::look_up(None, Some(service), &here)
                    .map(|answer| Answer { canonical: host.map(Into::into), ..answer })
            } else {
                refusal::of_name(name);
                Err(NameError::NoName)
            }
        }
        (Err(NameError::NoName), _) if !is_numeric_service => Err(NameError::Service),
        (answer, _) => answer,
    };
    if let (Some(_), Ok(answer)) = (host, &answer) {
        refusal::remember(by_name, answer);
    }
    answer
}

/// Returns the names of a host and a service. `flags` are `NI_*`: without a grant of all hosts, names are written as numbers.
pub fn names(address: &Address, flags: i32) -> Result<(CString, CString), NameError> {
    if grant::may_look_up_numbers() {
        return lookup::names(address, flags);
    }
    if flags & libc::NI_NAMEREQD != 0 {
        if let Address::Ip(ip) = address {
            refusal::of_number(ip.ip());
        }
        return Err(NameError::NoName);
    }
    lookup::names(address, flags | libc::NI_NUMERICHOST | libc::NI_NUMERICSERV)
}
