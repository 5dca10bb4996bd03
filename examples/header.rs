//! Prints the C header as the build generated it; `make header` puts it into include/.

fn main() {
    print!("{}", include_str!(env!("SEQURA_POS_HEADER")));
}
