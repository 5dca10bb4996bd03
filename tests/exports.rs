#[test]
fn probe() {
    println!(
        "{:?} {:?} {:?} {:?}",
        std::env::current_exe(),
        option_env!("SEQURA_POS_HEADER"),
        option_env!("CARGO_TARGET_TMPDIR"),
        option_env!("SEQURA_POS_TARGET")
    );
}
