//! Lists: searched, and read page by page.

use super::*;
use crate::support::Chain;

#[test]
fn words_are_looked_for_as_they_are_written() {
    let office = Office::start();
    let mut person = office.person("look");
    office.change(
        "INSERT INTO tills (journal_id, shop, till, machine, token_hash, enrolled_at, heard_at) VALUES \
         ('a1', '100% Lana', 'Caja_1', 'M', '\\x01', 1, 1), ('a2', '100 Lanas', 'CajaX1', 'M', '\\x02', 1, 1), \
         ('a3', 'Niño\\Niña', 'Caja''3', 'M', '\\x03', 1, 1)",
    );
    for (words, found) in [
        ("100%", "a1"),
        ("a_1", "a1"),
        ("lana", "a1 a2"),
        ("NIÑO\\", "a3"),
        ("a'3", "a3"),
        ("%", "a1"),
        ("_", "a1"),
        ("nothing", ""),
        ("lanas cajax", "a2"),
        ("\0", "a1 a2 a3"),
        ("' OR 1=1 --", ""),
    ] {
        let shown = person.get(&format!("/tills?q={}", crate::support::encoded(words)));
        assert_eq!(shown.status, 200, "{words}");
        let hits: Vec<&str> = ["a1", "a2", "a3"]
            .into_iter()
            .filter(|id| shown.has(&format!("/tills/{id}\"")))
            .collect();
        assert_eq!(hits.join(" "), found, "{words}");
    }
    for strange in [
        "/tills/%00",
        "/tills/a%27",
        "/tills/a1/b/orders/x",
        "/tills/a1/b/orders/99999999999999999999",
        "/nothing",
        "/tills/zz",
    ] {
        assert_eq!(person.get(strange).status, 404, "{strange}");
    }
    for harmless in [
        "/tills?after=%00",
        "/tills?after=zz&before=a1",
        "/tills/a1?before=x&life=%00",
        "/tills?only=none",
        "/?every=x",
    ] {
        assert_eq!(person.get(harmless).status, 200, "{harmless}");
    }
}

#[test]
fn every_till_is_on_one_page_while_others_come_and_go() {
    let office = Office::start();
    let mut person = office.person("look");
    Chain {
        tills: 120,
        orders: 1,
        entries: 1,
        silent_every: 10,
    }
    .make(&office);
    let ids = |shown: &Shown| -> Vec<String> {
        let links = shown.links().into_iter();
        links
            .filter_map(|link| link.strip_prefix("/tills/").map(str::to_owned))
            .collect()
    };
    let way = |shown: &Shown, rel: &str| {
        let begin = format!("<a rel=\"{rel}\" href=\"");
        let rest = shown.text.split(&begin).nth(1)?;
        rest.split('"')
            .next()
            .map(|link| link.replace("&amp;", "&"))
    };
    let mut page = person.get("/tills");
    assert!(way(&page, "prev").is_none());
    let (mut seen, mut pages) = (ids(&page), vec![ids(&page)]);
    while let Some(next) = way(&page, "next") {
        // One comes before what is shown, and one that was shown goes.
        office.change(&format!(
            "INSERT INTO tills (journal_id, shop, till, machine, token_hash, enrolled_at, heard_at) \
             VALUES ('new{}', ' ', '1', 'M', '\\x09', 1, 1); UPDATE tills SET retired_at = 1 WHERE journal_id = '{}'",
            pages.len(), seen[0]
        ));
        page = person.get(&next);
        seen.extend(ids(&page));
        pages.push(ids(&page));
    }
    seen.retain(|id| !id.starts_with("new"));
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!((seen.len(), once.len(), pages.len()), (120, 120, 3));
    let back = person.get(&way(&page, "prev").expect("a way back"));
    assert_eq!(ids(&back), pages[1]);
    assert!(
        person.get("/tills?only=silent").has("sin señal")
            || person.get("/tills?only=silent").has("silent")
    );
}

#[test]
fn a_long_history_is_read_page_by_page() {
    let office = Office::start();
    let mut person = office.person("administer");
    Chain {
        tills: 1,
        orders: 2,
        entries: 120,
        silent_every: 2,
    }
    .make(&office);
    let id = "c4ca4238a0b923820dcc509a6f75849b";
    let mut page = person.get(&format!("/tills/{id}"));
    let mut count = 0;
    loop {
        count += page
            .text
            .matches("<td class=\"number\" data-label=\"No.\">")
            .count();
        let Some(next) = page.text.split("rel=\"next\" href=\"").nth(1) else {
            break;
        };
        let next = next
            .split('"')
            .next()
            .expect("an end")
            .replace("&amp;", "&");
        page = person.get(&next);
    }
    assert_eq!(count, 120);
    office.change("INSERT INTO audit SELECT decode(md5(n::text), 'hex'), n / 7, 'ana', 'login', NULL, 'no ' || n FROM generate_series(1, 130) n");
    let (mut page, mut count) = (person.get("/audit"), 0);
    loop {
        count += page.text.matches(">no ").count();
        let Some(next) = page.text.split("rel=\"next\" href=\"").nth(1) else {
            break;
        };
        let next = next.split('"').next().expect("an end").to_owned();
        page = person.get(&next);
    }
    assert_eq!(count, 130);
}
