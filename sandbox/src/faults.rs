//! Bad luck on order.
//!
//! A fault is a harm and the request it waits for. It waits here, in a queue, until a
//! request comes that it matches, and then strikes once or several times.

use crate::harm::Harm;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A harm, and the requests it waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value")]
pub struct Fault {
    #[serde(flatten)]
    pub harm: Harm,
    /// The request's method; any if none.
    pub method: Option<String>,
    /// A part of the request's path; any if none.
    pub path: Option<String>,
    /// The body's `order.state`; an empty text also stands for null and absent. It tells
    /// a confirm from the registration of a reference.
    pub state: Option<String>,
    /// How many matching requests are let off first.
    pub skip: u32,
    /// How many requests are hit; 0: all, until the fault is removed.
    pub times: u32,
}

impl From<Harm> for Fault {
    fn from(harm: Harm) -> Self {
        Fault {
            harm,
            method: None,
            path: None,
            state: None,
            skip: 0,
            times: 1,
        }
    }
}

impl Fault {
    pub fn new(harm: Harm) -> Self {
        harm.into()
    }

    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.into());
        self
    }

    pub fn path(mut self, path: &str) -> Self {
        self.path = Some(path.into());
        self
    }

    pub fn state(mut self, state: &str) -> Self {
        self.state = Some(state.into());
        self
    }

    pub fn skip(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    fn matches(&self, method: &str, path: &str, state: Option<&str>) -> bool {
        self.method
            .as_deref()
            .is_none_or(|m| m.eq_ignore_ascii_case(method))
            && self.path.as_deref().is_none_or(|part| path.contains(part))
            && self
                .state
                .as_deref()
                .is_none_or(|wanted| Some(wanted) == state)
    }
}

/// The fields of [`Fault`] beside the harm. They are taken out of the object by hand:
/// serde cannot both flatten and refuse unknown fields, and a fault that is misspelt and
/// therefore never strikes would make a test pass for nothing.
#[derive(Deserialize)]
struct Target {
    method: Option<String>,
    path: Option<String>,
    state: Option<String>,
    #[serde(default)]
    skip: u32,
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

impl TryFrom<Value> for Fault {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let Value::Object(mut harm) = value else {
            return Err("a fault is a JSON object".into());
        };
        let target = ["method", "path", "state", "skip", "times"]
            .into_iter()
            .filter_map(|name| harm.remove_entry(name))
            .collect();
        let target: Target =
            serde_json::from_value(Value::Object(target)).map_err(|e| e.to_string())?;
        let harm: Harm = serde_json::from_value(Value::Object(harm)).map_err(|e| e.to_string())?;
        if !harm.status_ok() {
            return Err("a status is between 200 and 999".into());
        }
        Ok(Fault {
            harm,
            method: target.method,
            path: target.path,
            state: target.state,
            skip: target.skip,
            times: target.times,
        })
    }
}

/// The faults that are waiting, oldest first, each with a number that no other has had.
#[derive(Default)]
pub struct Faults {
    waiting: Vec<(u64, Fault)>,
    numbers: u64,
}

impl Faults {
    pub fn push(&mut self, fault: Fault) {
        self.numbers += 1;
        self.waiting.push((self.numbers, fault));
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &(u64, Fault)> {
        self.waiting.iter()
    }

    pub fn waiting(&self) -> Vec<Fault> {
        self.iter().map(|(_, fault)| fault.clone()).collect()
    }

    pub fn remove(&mut self, number: u64) {
        self.waiting.retain(|(other, _)| *other != number);
    }

    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    /// The harm for this request: that of the oldest fault that matches it.
    pub fn strike(&mut self, method: &str, path: &str, body: &[u8]) -> Option<Harm> {
        let state = order_state(body);
        for i in 0..self.waiting.len() {
            let fault = &mut self.waiting[i].1;
            if !fault.matches(method, path, state.as_deref()) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            let harm = fault.harm.clone();
            if fault.times == 1 {
                self.waiting.remove(i);
            } else if fault.times > 1 {
                fault.times -= 1;
            }
            return Some(harm);
        }
        None
    }
}

/// `order.state` of a body that has an order; an absent or null state is the empty one.
fn order_state(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let order = body.get("order")?;
    Some(order["state"].as_str().unwrap_or_default().to_owned())
}
