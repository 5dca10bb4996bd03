//! Codes of countries, currencies and languages, and texts with a form of their own.
//!
//! A wrong code is cheap to see here and dear to find out from a refusal at the counter.

use super::country_names::country_named;
use std::net::IpAddr;
use ureq::http::Uri;

/// ISO 3166-1, each country's alpha-2 and alpha-3 code in one word.
static COUNTRIES: &str = "\
    ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA \
    AZAZE BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES \
    BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK \
    CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA \
    DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA \
    GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS \
    GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD \
    IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA \
    KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA \
    LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ \
    MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC \
    NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM \
    PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC \
    SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV \
    SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR \
    TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR \
    VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE";

/// ISO 4217, the active codes.
static CURRENCIES: &str = "\
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN \
    BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR \
    FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY \
    KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU \
    MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON \
    RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP \
    TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XAG XAU XBA XBB \
    XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG";

/// The two letters of every country, and its three.
pub(super) fn countries() -> impl Iterator<Item = &'static str> {
    COUNTRIES
        .split(' ')
        .flat_map(|both| [&both[..2], &both[2..]])
}

/// Every currency.
pub(super) fn currencies() -> impl Iterator<Item = &'static str> {
    CURRENCIES.split(' ')
}

/// `ES`, and `ESP` too: seQura's integration core lets two and three letters through [C].
pub(crate) fn is_country(code: &str) -> bool {
    match code.len() {
        2 => COUNTRIES.split(' ').any(|both| both.starts_with(code)),
        3 => COUNTRIES.split(' ').any(|both| both.ends_with(code)),
        _ => false,
    }
}

/// The code of a country that is written otherwise: in small letters, with three, or as its name in one of the five
/// languages. `None`: it is a code already, or nothing that is known.
pub(super) fn country_meant(text: &str) -> Option<&'static str> {
    let code = text.trim().to_ascii_uppercase();
    if text.len() == 2 && is_country(text) || !(2..=60).contains(&code.len()) {
        return None;
    }
    let mut all = COUNTRIES.split(' ');
    let found = match code.len() {
        2 => all.find(|both| both.starts_with(&code)),
        3 => all.find(|both| both.ends_with(&code)),
        _ => None,
    };
    found.map(|both| &both[..2]).or_else(|| country_named(text))
}

/// `EUR`
pub(crate) fn is_currency(code: &str) -> bool {
    code.len() == 3 && CURRENCIES.split(' ').any(|one| one == code)
}

/// `es-ES`, or `es` alone: a language of two or three letters, and what BCP 47 hangs on to it.
pub(super) fn is_language(code: &str) -> bool {
    let mut parts = code.split('-');
    let language = parts.next().unwrap_or_default();
    matches!(language.len(), 2 | 3)
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| {
            matches!(part.len(), 1..=8) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

/// Plausible, no more: only a message sent there would tell for certain.
pub(super) fn is_email(text: &str) -> bool {
    let Some((mailbox, host)) = text.rsplit_once('@') else {
        return false;
    };
    let labels_are_sound = host
        .split('.')
        .all(|label| !label.is_empty() && !label.starts_with('-'));
    !mailbox.is_empty()
        && host.contains('.')
        && labels_are_sound
        && text.len() <= 254
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && (!mailbox.contains('@') || mailbox.starts_with('"'))
}

/// IPv4 or IPv6.
pub(super) fn is_ip_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

/// `192.0.2.61, 198.51.100.7`: whose request a proxy has passed on, as its header says it.
pub(super) fn is_chain_of_proxies(text: &str) -> bool {
    text.contains(',') && text.split(',').all(|one| is_ip_address(one.trim()))
}

/// An address of the web, whole, with its `https://`.
pub(super) fn is_url(text: &str) -> bool {
    text.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("https" | "http"))
            && uri.host().is_some_and(|host| !host.is_empty())
    })
}

/// `www.shop.example/olive`
pub(super) fn is_url_without_scheme(text: &str) -> bool {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let labels = host.split('.').collect::<Vec<_>>();
    labels.len() > 1
        && labels.iter().all(|label| !label.is_empty())
        && !host.contains([':', '@'])
        && is_url(&format!("https://{text}"))
}

/// `espanol`, as a shop's software names its translation: letters, and more of them than a code has.
pub(super) fn is_language_name(text: &str) -> bool {
    matches!(text.len(), 4..=40) && text.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_and_currencies() {
        assert_eq!(COUNTRIES.split(' ').count(), 249);
        assert!(COUNTRIES.split(' ').all(|both| both.len() == 5));
        assert!(CURRENCIES.split(' ').all(|one| one.len() == 3));
        for good in ["ES", "FR", "IT", "PT", "CO", "PE", "ESP", "ZWE"] {
            assert!(is_country(good), "{good}");
        }
        for bad in [
            "", "es", "XX", "SP", "SPA", "E", "ESPA", "ES ES", "D A", " ES", "ÑÑ",
        ] {
            assert!(!is_country(bad), "{bad}");
        }
        for good in ["EUR", "COP", "PEN"] {
            assert!(is_currency(good), "{good}");
        }
        for bad in ["", "eur", "EURO", "€", "R U", "AAA"] {
            assert!(!is_currency(bad), "{bad}");
        }
    }

    #[test]
    fn a_country_is_understood_however_it_is_written() {
        for (written, code) in [
            ("es", "ES"),
            (" ES ", "ES"),
            ("ESP", "ES"),
            ("esp", "ES"),
            ("España", "ES"),
            ("ESPAÑA", "ES"),
            ("Espan\u{303}a", "ES"),
            ("Spain", "ES"),
            ("Espagne", "ES"),
            ("Spagna", "ES"),
            ("Espanha", "ES"),
            ("francia", "FR"),
            ("Itália", "IT"),
            ("Portugal", "PT"),
            ("Reino Unido", "GB"),
            ("UK", "GB"),
            ("Países Bajos", "NL"),
            ("Holanda", "NL"),
            ("EE. UU.", "US"),
            ("Côte d’Ivoire", "CI"),
            ("Perú", "PE"),
        ] {
            assert_eq!(country_meant(written), Some(code), "{written}");
        }
        for known in ["ES", "PT"] {
            assert_eq!(country_meant(known), None, "{known}");
        }
        for unknown in [
            "",
            " ",
            "XX",
            "XXX",
            "Hispania",
            "Madrid",
            "E",
            "12",
            &"a".repeat(100),
        ] {
            assert_eq!(country_meant(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn languages() {
        for good in ["es-ES", "es", "ca-ES", "es-419", "zh-Hans-CN", "gsw"] {
            assert!(is_language(good), "{good}");
        }
        for bad in ["", "e", "es_ES", "es-", "español", "spanish", "-ES"] {
            assert!(!is_language(bad), "{bad}");
        }
        assert!(is_language_name("espanol") && is_language_name("English"));
        for bad in ["e", "spanish_", "es-", "es ES", "español", "espanol2"] {
            assert!(!is_language_name(bad), "{bad}");
        }
    }

    #[test]
    fn texts_with_a_form() {
        for good in ["nisse@example.com", "josé+till@correo.example", "a@b.co"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "@",
            "nisse",
            "nisse@",
            "@example.com",
            "nisse@localhost",
            "a b@example.com",
            "a@b@example.com",
            "a@example..com",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(is_ip_address("12.23.34.45") && is_ip_address("2001:db8::1"));
        assert!(!is_ip_address("12.23.34.456") && !is_ip_address("localhost"));
        assert!(is_chain_of_proxies("192.0.2.61, 198.51.100.7,2001:db8::1"));
        for bad in [
            "192.0.2.61",
            "192.0.2.61,",
            "192.0.2.61, caja",
            "192.0.2.61 198.51.100.7",
        ] {
            assert!(!is_chain_of_proxies(bad), "{bad}");
        }
        for good in ["www.shop.example/x?y=1", "shop.example"] {
            assert!(is_url_without_scheme(good), "{good}");
        }
        for bad in [
            "/x",
            "x",
            "x/y.html",
            "https://shop.example/",
            "ftp://shop.example/",
            "//shop.example/x",
            "mailto:me@shop.example",
            "me@shop.example",
            "a b.example",
            ".example",
            "javascript:a.b()",
        ] {
            assert!(!is_url_without_scheme(bad), "{bad}");
        }
        assert!(is_url("https://logistics.example/TX123") && is_url("http://shop.example/a"));
        assert!(
            !is_url("logistics.example/TX123")
                && !is_url("ftp://shop.example/")
                && !is_url("https://")
        );
    }
}
