//! A service of Windows', for one configuration. It runs as an account of its own, which Windows makes with it and which
//! nobody can log in as.

use crate::arguments::Install;
use crate::commands::{Ended, say, work};
use crate::exit;
use crate::log::Log;
use crate::secrets::only_for;
use crate::settings::{Document, Settings};
use crate::work::Stop;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use windows_service::service::{
    Service, ServiceAccess, ServiceAction, ServiceActionType, ServiceControl, ServiceControlAccept,
    ServiceErrorControl, ServiceExitCode, ServiceFailureActions, ServiceFailureResetPeriod,
    ServiceInfo, ServiceSidType, ServiceStartType, ServiceState, ServiceStatus, ServiceType,
};
use windows_service::service_control_handler::{self, ServiceControlHandlerResult};
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};
use windows_service::{define_windows_service, service_dispatcher};

const NAME: &str = "sequra-forward";
const ACCOUNT: &str = r"NT SERVICE\sequra-forward";
/// The account's number, which follows from its name.
const SID: &str = "*S-1-5-80-1755303677-4188065906-2388665211-3224873055-3127008090";
/// It stops within this; a request that is on its way is cut off.
const TO_STOP: Duration = Duration::from_secs(8);

/// Makes the service, and lets its account at what it needs.
pub fn install(document: &Document, asked: &Install) -> Result<u8, Ended> {
    let settings = document
        .settings()
        .map_err(|why| Ended(exit::CONFIGURATION, why))?;
    let program = std::env::current_exe().map_err(|error| failed(&error))?;
    let info = ServiceInfo {
        name: NAME.into(),
        display_name: "seQura forwarder".into(),
        service_type: ServiceType::OWN_PROCESS,
        start_type: ServiceStartType::AutoStart,
        error_control: ServiceErrorControl::Normal,
        // In quotes where there are blanks in it.
        executable_path: program,
        launch_arguments: vec![
            "--config".into(),
            document.path.clone().into_os_string(),
            "run".into(),
            "--service".into(),
        ],
        dependencies: Vec::new(),
        account_name: Some(
            asked
                .user
                .clone()
                .unwrap_or_else(|| ACCOUNT.to_owned())
                .into(),
        ),
        account_password: None,
    };
    if asked.print {
        say(&format!("{info:?}"));
        return Ok(exit::DONE);
    }
    let manager = ServiceManager::local_computer(
        None::<&str>,
        ServiceManagerAccess::CONNECT | ServiceManagerAccess::CREATE_SERVICE,
    );
    let access = ServiceAccess::CHANGE_CONFIG | ServiceAccess::START | ServiceAccess::DELETE;
    let service = manager
        .map_err(|error| failed(&error))?
        .create_service(&info, access);
    let service = service.map_err(|error| failed(&error))?;
    let set = settled(&service).map_err(|error| failed(&error));
    if let Err(ended) = set.and_then(|()| let_in(&document.path, &settings)) {
        // Nothing half made stays.
        let _ = service.delete();
        return Err(ended);
    }
    say(
        "The service sequra-forward is there, and starts with the machine. Start it now: sc start sequra-forward",
    );
    Ok(exit::DONE)
}

/// When it begins, and what becomes of it when it fails.
fn settled(service: &Service) -> windows_service::Result<()> {
    let again = |seconds| ServiceAction {
        action_type: ServiceActionType::Restart,
        delay: Duration::from_secs(seconds),
    };
    service.set_description("Carries what changes in tills' journals to their chain's office.")?;
    known(service.set_delayed_auto_start(true))?;
    known(service.set_config_service_sid_info(ServiceSidType::Unrestricted))?;
    known(service.update_failure_actions(ServiceFailureActions {
        reset_period: ServiceFailureResetPeriod::After(Duration::from_secs(86_400)),
        reboot_msg: None,
        command: None,
        actions: Some(vec![again(5), again(60), again(300)]),
    }))?;
    known(service.set_failure_actions_on_non_crash_failures(true))
}

/// What takes the place of Windows may know less than every Windows does (Wine), and the service works all the same.
fn known(set: windows_service::Result<()>) -> windows_service::Result<()> {
    const ERROR_INVALID_LEVEL: i32 = 124;
    match set {
        Err(windows_service::Error::Winapi(error))
            if error.raw_os_error() == Some(ERROR_INVALID_LEVEL) =>
        {
            Ok(())
        }
        set => set,
    }
}

/// Its account may read the configuration, and write what it keeps and the journals.
fn let_in(config: &Path, settings: &Settings) -> Result<(), Ended> {
    only_for(&settings.state, &[&format!("{SID}:(OI)(CI)M")]).map_err(|error| failed(&error))?;
    grant(config, &format!("{SID}:R"))?;
    for journal in &settings.journals {
        if let Some(folder) = journal.parent() {
            grant(folder, &format!("{SID}:(OI)(CI)M"))?;
        }
        // Its rights are its own, and what is made beside it takes them.
        for suffix in ["", "-wal", "-shm"] {
            let mut file = journal.clone().into_os_string();
            file.push(suffix);
            if Path::new(&file).exists() {
                grant(Path::new(&file), &format!("{SID}:M"))?;
            }
        }
    }
    Ok(())
}

fn grant(path: &Path, rights: &str) -> Result<(), Ended> {
    let root = std::env::var_os("SystemRoot").unwrap_or_else(|| r"C:\Windows".into());
    let program: PathBuf = Path::new(&root).join(r"System32\icacls.exe");
    let done = Command::new(program)
        .arg(path)
        .args(["/grant", rights, "/Q"])
        .output();
    match done {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => Err(Ended(
            exit::FAILED,
            format!(
                "{}: icacls could not let the service's account in ({}).",
                path.display(),
                done.status
            ),
        )),
        Err(error) => Err(failed(&error)),
    }
}

/// Stops the service, and removes it. What is kept of the journals stays.
pub fn remove() -> Result<u8, Ended> {
    let manager = ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT);
    let access = ServiceAccess::QUERY_STATUS | ServiceAccess::STOP | ServiceAccess::DELETE;
    let service = manager
        .map_err(|error| failed(&error))?
        .open_service(NAME, access);
    let service = service.map_err(|error| failed(&error))?;
    let _ = service.stop();
    let began = Instant::now();
    let runs = || {
        let status = service.query_status();
        status.is_ok_and(|status| status.current_state != ServiceState::Stopped)
    };
    while runs() && began.elapsed() < 2 * TO_STOP {
        std::thread::sleep(Duration::from_millis(200));
    }
    service.delete().map_err(|error| failed(&error))?;
    say("The service sequra-forward is gone.");
    Ok(exit::DONE)
}

fn failed(error: &dyn std::error::Error) -> Ended {
    let why = match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    Ended(
        exit::FAILED,
        format!("{why}. Are you an administrator here?"),
    )
}

static SETTINGS: OnceLock<Settings> = OnceLock::new();
static STOP: Stop = Stop::new();

define_windows_service!(begun_by_windows, serve);

/// Works as a service, begun by Windows.
pub fn run(settings: Settings) -> Result<u8, Ended> {
    let _ = SETTINGS.set(settings);
    let done = service_dispatcher::start(NAME, begun_by_windows);
    done.map(|()| exit::DONE).map_err(|error| failed(&error))
}

fn serve(_: Vec<OsString>) {
    let Some(settings) = SETTINGS.get() else {
        return;
    };
    let heard = |control| match control {
        ServiceControl::Stop | ServiceControl::Shutdown | ServiceControl::Preshutdown => {
            STOP.ask();
            // A request that is on its way is cut off: the office answers it again.
            std::thread::spawn(|| {
                std::thread::sleep(TO_STOP);
                std::process::exit(i32::from(exit::DONE));
            });
            ServiceControlHandlerResult::NoError
        }
        ServiceControl::Interrogate => ServiceControlHandlerResult::NoError,
        _ => ServiceControlHandlerResult::NotImplemented,
    };
    let Ok(handle) = service_control_handler::register(NAME, heard) else {
        return;
    };
    let status = |current_state, exit_code| ServiceStatus {
        service_type: ServiceType::OWN_PROCESS,
        current_state,
        controls_accepted: match current_state {
            ServiceState::Running => ServiceControlAccept::STOP | ServiceControlAccept::SHUTDOWN,
            _ => ServiceControlAccept::empty(),
        },
        exit_code,
        checkpoint: 0,
        wait_hint: Duration::ZERO,
        process_id: None,
    };
    let _ = handle.set_service_status(status(ServiceState::Running, ServiceExitCode::Win32(0)));
    let usual = settings.state.join("sequra-forward.log");
    let log = Log::to(Some(settings.log.as_deref().unwrap_or(&usual)));
    let ended = match work(settings, &log, &STOP, false) {
        Ok(code) => code,
        Err(Ended(code, why)) => {
            log.say(&settings.state, &why);
            code
        }
    };
    let code = match ended {
        0 => ServiceExitCode::Win32(0),
        code => ServiceExitCode::ServiceSpecific(code.into()),
    };
    let _ = handle.set_service_status(status(ServiceState::Stopped, code));
}
