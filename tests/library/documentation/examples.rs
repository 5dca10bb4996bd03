//! The examples of the header's comments are compiled and run. Those of the pages are examples/usage.c (usage.rs).

use crate::declarations::bindings::model::Model;
use crate::support::c::{
    self, compile, compiler, finds_library, library_folder, plain, root, scratch,
};
use sequra_sandbox::{Options, Sandbox};
use std::fs;

/// The examples of the header, one after the other, in a shop that has sold.
#[test]
fn the_examples_of_the_functions_run() {
    let mut samples = Vec::new();
    for function in Model::read().functions {
        let code = function
            .doc
            .lines()
            .filter_map(|line| line.strip_prefix("    "));
        let code = code.collect::<Vec<_>>().join("\n");
        if !code.is_empty() {
            samples.push((function.name, code));
        }
    }
    assert!(samples.len() >= 4, "{samples:?}");
    let mut source = String::from(
        "#include \"check.h\"\n#include <stdio.h>\n#include <string.h>\n\
         static int completed;\n\
         static void complete_the_sale(void) { completed++; }\n\
         static void show_operator(const char *text) { fprintf(stderr, \"%s\\n\", text); }\n",
    );
    for (number, (name, code)) in samples.iter().enumerate() {
        source += &format!(
            "/* {name} */\nstatic void sample_{number}(sq_client *client, const char *url, sq_buffer *out)\n{{\n\
             (void)client; (void)url; (void)out;\n{{\n{code}\n}}\n}}\n"
        );
    }
    source += "int main(int argc, char **argv)\n{\nsq_client *client = NULL;\nstatic char config[ROOM], order[ROOM], url[300];\n\
        const char *refs[] = {\"R-100\", \"R-101\", NULL};\nint i;\nif (argc != 3) return 2;\n\
        write_config(config, argv[1], argv[2], \"journal\", \"\");\n\
        ANSWER(SQ_OK, sq_client_open, (config, &client, &answer));\n\
        for (i = 0; i < 3; i++) {\nwrite_order(order, refs[i], \"CAM-01\");\n\
        ANSWER(SQ_OK, sq_start_solicitation, (client, order, &answer));\ncopy_value(url, sizeof url, \"/order/url\");\n\
        if (i < 2) ANSWER(SQ_OK, sq_confirm, (client, url, NULL, &answer));\n}\n";
    for number in 0..samples.len() {
        source += &format!("sample_{number}(client, url, answer);\n");
    }
    source += "CHECK(completed == 1);\n\
        ANSWER(SQ_OK, sq_order_info, (client, \"R-101\", &answer));\nVALUE_IS(\"/data/amounts/delivery\", \"partly_shipped\");\n\
        ANSWER(SQ_OK, sq_order_info, (client, \"R-100\", &answer));\nVALUE_IS(\"/data/amounts/delivery\", \"shipped\");\n\
        CALL(SQ_OK, sq_client_close, (client));\nreturn finish();\n}\n";
    let folder = scratch("examples");
    let file = folder.join("examples.c");
    fs::write(&file, source).expect("it can be written");
    let program = folder.join("examples");
    compile(
        compiler(false)
            .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-I"])
            .arg(root("include"))
            .arg("-I")
            .arg(root("tests/c"))
            .args([&file, &root("tests/c/check.c"), &root("tests/c/system.c")])
            .arg("-L")
            .arg(library_folder())
            .arg(finds_library())
            .args(["-lsequra_pos", "-o"])
            .arg(&program),
    );
    let sandbox = Sandbox::start(Options::default()).expect("a simulator");
    sandbox.rules(|rules| rules.confirm_requires_approval = false);
    let mut command = plain(&program);
    // What the examples print is for their reader.
    command
        .arg(sandbox.http_url())
        .arg(scratch("examples-journal"));
    let told = c::run(command, &sandbox);
    if let Err(wrong) = told {
        let only_url = wrong
            .lines()
            .filter(|line| line.contains("unexpected on stdout"))
            .all(|line| line.contains("/orders/"));
        assert!(wrong.contains("exit status: 0") && only_url, "{wrong}");
    }
}
