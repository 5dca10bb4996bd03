//! `sequra-office try`

use super::{Done, say, told, with_state};
use crate::database::migrate;
use crate::settings::Settings;
use crate::trial::{Cluster, Kind};
use crate::{keys, passwords, random, serving, users};
use clap::Args;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

#[derive(Args)]
pub struct Options {
    /// The port to listen on, on this machine; 0: one that is free
    #[arg(long, default_value_t = 8443)]
    port: u16,
    /// Once it listens, its URL, the certificate's file, the settings' file, the user's name and the password are written
    /// to this file, one line each
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// After how many minutes without a word a till is shown as silent; 0.5 is half a minute
    #[arg(long, value_name = "MINUTES", default_value_t = Settings::default().silent_after_minutes)]
    silent_after_minutes: f64,
}

const USER: &str = "admin";

pub fn run(options: Options) -> Done {
    let cluster = Cluster::start(Kind::Private).map_err(told)?;
    let folder = tempfolder()?;
    let settings = Settings {
        listen: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), options.port),
        database: cluster.address("office"),
        folder: folder.0.clone(),
        keys: Some(folder.0.join("keys")),
        silent_after_minutes: options.silent_after_minutes,
        ..Settings::default()
    };
    settings.check()?;
    // So that the other commands know it: sequra-office --settings FILE code …
    let file = folder.0.join("settings.json");
    let text = serde_json::json!({
        "database": settings.database, "folder": settings.folder, "keys": settings.keys,
        "listen": settings.listen, "silent_after_minutes": settings.silent_after_minutes,
    });
    std::fs::write(&file, format!("{text:#}\n")).map_err(told)?;
    with_state(settings, async move |state| {
        migrate(&state.database).await.map_err(told)?;
        let keys = state.settings.keys.clone().unwrap_or_default();
        keys::new(&state.database, &keys).await.map_err(told)?;
        let password = random::id();
        let kept = passwords::hash(&password).map_err(told)?;
        let added = users::add(&state.database, USER, &kept, "administer", "es").await;
        added.map_err(told)?;
        let server = serving::listen(&state).map_err(told)?;
        let (url, ca) = (server.url(), state.settings.folder.join("certificate.pem"));
        say(&format!(
            "url          {url}\ncertificate  {}\nsettings     {}\nuser         {USER}\npassword     {password}\n\
             It and everything in it is gone at Ctrl-C.\n",
            ca.display(),
            file.display(),
        ));
        if let Some(ready) = &options.ready_file {
            let text = format!(
                "{url}\n{}\n{}\n{USER}\n{password}\n",
                ca.display(),
                file.display()
            );
            super::serve::write_ready(ready, &text)?;
        }
        let served = server.serve().await.map_err(told);
        drop((cluster, folder));
        served.map(|()| String::new())
    })
}

/// Goes at the end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn tempfolder() -> Result<Folder, String> {
    let folder = std::env::temp_dir().join(format!("sequra-office-try-{}", random::id()));
    std::fs::create_dir(&folder).map_err(told)?;
    let only_mine = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&folder, only_mine).map_err(told)?;
    Ok(Folder(folder))
}
