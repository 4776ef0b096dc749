//! Scripted servers, for what a real one cannot be made to do: refuse, lie, stall and break at a chosen point.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// One step of a script.
#[derive(Debug, Clone)]
pub enum Act {
    /// Send this; `{tag}` is the first word of the last line heard.
    Say(String),
    /// Hear one line, which must hold this word (no matter the case).
    Hear(&'static str),
    /// Hear this many bytes.
    HearBytes(usize),
    /// Hear up to the line with the single dot.
    HearMail,
    /// Keep the connection open and silent.
    Hang,
}

pub fn say(text: &str) -> Act {
    Act::Say(text.replace('\n', "\r\n"))
}

/// A server on a loopback port that plays its script to each client, then closes.
pub struct Fake {
    pub port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Fake {
    pub async fn start(script: Vec<Act>) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let all = heard.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(play(client, script.clone(), all.clone()));
            }
        });
        Fake { port, heard }
    }

    /// All that clients have sent.
    pub fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard.lock().unwrap()).into_owned()
    }
}

async fn play(client: TcpStream, script: Vec<Act>, all: Arc<Mutex<Vec<u8>>>) -> std::io::Result<()> {
    let mut client = BufReader::new(client);
    let mut tag = String::new();
    for act in &script {
        let mut heard = Vec::new();
        match act {
            Act::Say(text) => client.write_all(text.replace("{tag}", &tag).as_bytes()).await?,
            Act::Hear(word) => {
                client.read_until(b'\n', &mut heard).await?;
                let line = String::from_utf8_lossy(&heard).to_uppercase();
                if heard.is_empty() || !line.contains(&word.to_uppercase()) {
                    return Ok(()); // the client will say that the connection is lost
                }
                tag = String::from_utf8_lossy(&heard).split_whitespace().next().unwrap_or_default().to_owned();
            }
            Act::HearBytes(count) => {
                heard.resize(*count, 0);
                client.read_exact(&mut heard).await?;
            }
            Act::HearMail => {
                while !heard.ends_with(b"\r\n.\r\n") {
                    if client.read_until(b'\n', &mut heard).await? == 0 {
                        break;
                    }
                }
            }
            Act::Hang => std::future::pending().await,
        }
        all.lock().unwrap().extend(heard);
    }
    Ok(())
}
