//! Where something stands in JSON.

/// One step on the way to a place in JSON.
#[derive(Clone, Copy, Debug)]
pub enum Segment<Name> {
    /// Of an object.
    Name(Name),
    /// Of a list, from 0.
    Index(usize),
}

/// One name as a segment of an RFC 6901 pointer.
pub fn escaped(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The RFC 6901 pointer to a place.
pub fn pointer<Name: AsRef<str>>(path: &[Segment<Name>]) -> String {
    let steps = path.iter().map(|step| match step {
        Segment::Name(name) => escaped(name.as_ref()),
        Segment::Index(index) => format!("/{index}"),
    });
    steps.collect()
}

/// A place as people write it: `cart.items[2].total_with_tax`
pub fn place<Name: AsRef<str>>(path: &[Segment<Name>]) -> String {
    let mut place = String::new();
    for step in path {
        match step {
            Segment::Index(index) => place.push_str(&format!("[{index}]")),
            Segment::Name(name) if place.is_empty() => place.push_str(name.as_ref()),
            Segment::Name(name) => place.extend([".", name.as_ref()]),
        }
    }
    place
}
