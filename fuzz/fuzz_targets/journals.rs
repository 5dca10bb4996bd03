//! Any damage to a journal: it is opened, or set aside, or refused, and what is done with it then does not
//! end the till.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sequra_pos::inside::ffi::checkout::sq_start_solicitation;
use sequra_pos::inside::ffi::after_sale::sq_order_info;
use sequra_pos::inside::ffi::records::{sq_log, sq_recover};
use sequra_pos_fuzz::{ORDER, Till, c_text};
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

#[derive(Arbitrary, Debug)]
struct Damage {
    /// Each: where, and what stands there.
    writes: Vec<(u32, Vec<u8>)>,
    cut: Option<u32>,
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("sequra-fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A journal with open and unsent orders.
fn whole() -> &'static [u8] {
    static WHOLE: OnceLock<Vec<u8>> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let path = folder().join("whole.journal");
        let till = Till::open("http://127.0.0.1:1", path.to_str().unwrap(), 5);
        let till = till.unwrap_or_else(|told| panic!("{:#}", told.result));
        for number in 1..=5 {
            let order = ORDER.replace(
                "\"Bicicleta plegable",
                &format!("\"{number} Bicicleta plegable"),
            );
            assert_eq!(
                till.one(sq_start_solicitation, &c_text(order.as_bytes()))
                    .status,
                3001
            );
        }
        drop(till);
        fs::read(path).expect("a journal")
    })
}

fuzz_target!(|damage: Damage| {
    let mut journal = whole().to_vec();
    for (place, bytes) in &damage.writes {
        let start = *place as usize % journal.len();
        let end = (start + bytes.len()).min(journal.len());
        journal[start..end].copy_from_slice(&bytes[..end - start]);
    }
    if let Some(cut) = damage.cut {
        journal.truncate(cut as usize % journal.len());
    }
    let folder = folder().join("till");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("till.journal");
    fs::write(&path, journal).expect("a journal");
    let Ok(till) = Till::open("http://127.0.0.1:1", path.to_str().unwrap(), 5) else {
        return;
    };
    let order = c_text(ORDER.as_bytes());
    till.one(sq_log, &c_text(b"{}"));
    till.one(sq_order_info, &c_text(b"R-100"));
    till.one(sq_recover, &c_text(b"11111111-2222-3333-4444-555555555555"));
    till.one(sq_start_solicitation, &order);
    sequra_pos_fuzz::called(|out| unsafe { sq_recover(till.0, std::ptr::null(), out) });
});
