//! `casemate demo`: lays out a demo desk in a directory and runs it with exactly the code of `casemate run`.
//!
//! What is there already is left alone: stopping and starting again continues. Mails are dropped into the folder mailbox only when the
//! desk is new.

use crate::app::App;
use crate::case::Role;
use crate::{config, daemon, db, folder, review};
use anyhow::{Context, bail};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;

/// Lay out a demo desk with shipped mails and run it; nothing leaves this machine
#[derive(clap::Args)]
#[command(after_long_help = "Examples:\n  casemate demo\n  casemate demo /tmp/desk --port 9000\n\n\
Drafts are ready in seconds; the printed link opens the review pages. Mail dropped into the folder is picked up live. Stopping and \
starting again continues; remove the directory to begin anew.")]
pub struct Args {
    /// Where the desk is laid out
    #[arg(value_name = "DIR", default_value = "casemate-demo")]
    pub directory: PathBuf,
    /// Port of the review pages on 127.0.0.1 [default: 8180, or a free one when that is taken]
    #[arg(long)]
    pub port: Option<u16>,
}

const CONFIGURATION: &str = include_str!("../../config/demo/casemate.toml");
/// Where the pages listen when nothing else is asked for and the port is free.
const PORT: u16 = 8180;
const LOGIN: &str = "demo";

macro_rules! mails {
    ($($name:literal),+ $(,)?) => { &[$(($name, include_bytes!(concat!("../../config/demo/mails/", $name)).as_slice())),+] };
}
/// The shipped mails, in the order of their arrival.
pub const MAILS: &[(&str, &[u8])] = mails![
    "01-request-foxmail.eml",
    "02-request-outlook-en.eml",
    "03-activation-coremail.eml",
    "04-dism-outlook-zh.eml",
    "05-printing-thunderbird.eml",
    "06-request-qq.eml",
    "07-followup-163-number.eml",
    "08-followup-lost-number.eml",
    "09-resolved-thunderbird.eml",
    "10-out-of-office-exchange.eml",
    "11-bounce-postfix.eml",
    "12-list-newsletter.eml",
    "13-read-receipt-outlook.eml",
    "14-mislabelled-gbk.eml",
    "15-hostile.eml",
    "16-foreign-number.eml",
    "17-duplicate-of-02.eml",
];

/// Lays out what is missing, then runs until Ctrl-C or SIGTERM. `port`: None: 8180, or any free one when that is taken.
pub async fn run(directory: &Path, port: Option<u16>) -> anyhow::Result<()> {
    let is_new = lay_out(directory)?;
    let path = directory.join("casemate.toml");
    let mut loaded = config::load(&path, &|name| std::env::var(name).ok()).map_err(|problems| anyhow::anyhow!("{problems}"))?;
    let listener = listen(port).await?;
    let address = listener.local_addr()?;
    loaded.settings.listen = address;
    loaded.settings.base_url = format!("http://{address}");
    let app = config::build(loaded).await?;
    let lock = app.db.lock().await.with_context(|| format!("the demo desk in {} is not free", directory.display()))?;
    let link = demo_link(&app).await?;
    println!("{}", welcome(directory, &app.settings.base_url, &link, is_new, is_chinese()));
    daemon::run_on(Arc::clone(&app), listener, lock).await
}

/// Creates directories, configuration and mails; false: the desk was there already.
fn lay_out(directory: &Path) -> anyhow::Result<bool> {
    let shown = directory.display();
    let configuration = directory.join("casemate.toml");
    if configuration.exists() {
        return Ok(false);
    }
    if directory.is_dir() {
        for entry in fs::read_dir(directory).with_context(|| format!("{shown} cannot be read"))? {
            let name = entry?.file_name();
            // A desk that was laid out half is laid out again.
            if name != "mailbox" && name != "sent" {
                bail!("{shown} has other things in it; name an empty or new directory: casemate demo DIR");
            }
        }
    }
    let (mailbox, sent) = (directory.join("mailbox"), directory.join("sent"));
    fs::create_dir_all(&mailbox).and_then(|()| fs::create_dir_all(&sent)).with_context(|| format!("{shown} cannot be created"))?;
    for (name, raw) in MAILS {
        folder::write_eml(&mailbox, name, raw).with_context(|| format!("{name} cannot be written to {}", mailbox.display()))?;
    }
    fs::write(&configuration, CONFIGURATION).with_context(|| format!("{} cannot be written", configuration.display()))?;
    Ok(true)
}

async fn listen(port: Option<u16>) -> anyhow::Result<TcpListener> {
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    match port {
        Some(port) => {
            TcpListener::bind(at(port)).await.with_context(|| format!("port {port} is not free; another one: casemate demo --port 0"))
        }
        None => match TcpListener::bind(at(PORT)).await {
            Ok(listener) => Ok(listener),
            Err(_) => TcpListener::bind(at(0)).await.context("no free port on 127.0.0.1"),
        },
    }
}

/// The demo's engineer (an admin, so that every page is there) and a one-time link for them.
async fn demo_link(app: &App) -> anyhow::Result<String> {
    let mut tx = app.db.begin().await?;
    if db::engineer::find_by_login(&mut tx, LOGIN).await?.is_none() {
        db::engineer::insert(&mut tx, LOGIN, "Demo", None, Role::Admin, app.now()).await?;
    }
    tx.commit().await?;
    let path = review::login_link(app, LOGIN).await?;
    Ok(format!("{}{path}", app.settings.base_url))
}

fn is_chinese() -> bool {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG")).is_some_and(|language| language.starts_with("zh"))
}

fn welcome(directory: &Path, url: &str, link: &str, is_new: bool, is_chinese: bool) -> String {
    let dir = directory.display();
    let count = MAILS.len();
    if is_chinese {
        let state = if is_new { format!("已建立，{count} 封示例邮件正在处理") } else { "继续上次的状态".to_owned() };
        return format!(
            "casemate 演示服务台：{dir}（{state}）\n\n  登录链接（一次有效，15 分钟）  {link}\n  审阅页面                        {url}/\n\n\
             可以试试：\n  1. 打开登录链接，在“待审”里读一封来信和草稿，修改后批准：{dir}/sent/ 里出现一封 .eml\n  \
             2. 把任意 .eml 放进 {dir}/mailbox/，几秒内就有草稿\n  3. 在案例页结案：先归档总结，再发满意度调查\n  \
             4. casemate report open --config {dir}/casemate.toml\n\nCtrl-C 停止；再次运行同一命令即可继续。\n"
        );
    }
    let state = if is_new { format!("new; {count} shipped mails are being read") } else { "continues where it stopped".to_owned() };
    format!(
        "casemate demo desk in {dir} ({state})\n\n  log in (once, within 15 minutes)  {link}\n  review pages                      {url}/\n\n\
         Try next:\n  1. open the link, read a mail and its draft side by side, edit, approve: an .eml appears in {dir}/sent/\n  \
         2. drop any .eml file into {dir}/mailbox/: its draft is there in seconds\n  3. close a case on its page: closure summary first, then the survey mail\n  \
         4. casemate report open --config {dir}/casemate.toml\n\nCtrl-C stops; the same command continues.\n"
    )
}
