//! What somebody may do.

/// Each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// See every page.
    Look,
    /// Do what a till needs: take it off the list, get its journal.
    Act,
    /// Let tills in and out, and see who did what.
    Administer,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Look, Role::Act, Role::Administer];

    /// As the database and the command line say it.
    pub fn word(self) -> &'static str {
        match self {
            Role::Look => "look",
            Role::Act => "act",
            Role::Administer => "administer",
        }
    }

    pub fn from_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }
}
