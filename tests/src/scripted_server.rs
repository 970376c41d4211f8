//! A server that responds by a script, which controls each byte and how the connection ends.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Responds with these bytes and closes.
    Bytes(Vec<u8>),
    /// Reads the request and breaks the connection.
    Reset,
    /// Reads the request and closes the connection.
    Close,
    /// Reads the request and sends nothing, as long as the client keeps the connection.
    Hang,
    /// Responds with these bytes, one after each of these delays.
    Drip(Vec<u8>, Duration),
    /// Responds with the first bytes, and then repeats the second bytes until the client closes the connection.
    Endless(Vec<u8>, Vec<u8>),
    /// Responds with these bytes, and then forwards the connection to this address, like a proxy.
    Tunnel(Vec<u8>, SocketAddr),
}

impl Act {
    /// Returns a JSON response.
    pub fn response(status: u16, body: &str) -> Self {
        Self::with(status, &[("content-type", "application/json;charset=utf-8")], body)
    }

    /// Returns a response with these headers.
    pub fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let mut head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        Self::Bytes(format!("{head}\r\n{body}").into_bytes())
    }
}

/// A request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// The path and the query.
    pub target: String,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Seen {
    /// The header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The server. It ends with the runtime it was started on.
pub struct ScriptedServer {
    address: SocketAddr,
    base_url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl ScriptedServer {
    /// Starts a server that performs one of `acts` for each request, and then the act that `after` returns for the request.
    ///
    /// # Errors
    ///
    /// Returns an error if no port is free.
    pub async fn start(acts: Vec<Act>, after: impl Fn(&Seen) -> Act + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let base_url = format!("http://{address}/api/v3");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (acts, after) = (Arc::new(Mutex::new(VecDeque::from(acts))), Arc::new(after));
        let record = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (acts, after, record) = (Arc::clone(&acts), Arc::clone(&after), Arc::clone(&record));
                tokio::spawn(async move { serve(connection, &acts, &*after, &record).await });
            }
        });
        Ok(Self { address, base_url, seen })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address for a client.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn serve(
    mut connection: TcpStream,
    acts: &Mutex<VecDeque<Act>>,
    after: &(impl Fn(&Seen) -> Act + Send + Sync),
    record: &Mutex<Vec<Seen>>,
) -> io::Result<()> {
    let Some(request) = read(&mut connection).await? else { return Ok(()) };
    let act = acts.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let act = act.unwrap_or_else(|| after(&request));
    record.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    match act {
        Act::Bytes(bytes) => {
            connection.write_all(&bytes).await?;
            connection.shutdown().await
        }
        Act::Close => connection.shutdown().await,
        // Closing without waiting for what is on its way is what resets a connection.
        Act::Reset => connection.set_zero_linger(),
        Act::Hang => {
            let _ = connection.read(&mut [0; 1]).await;
            Ok(())
        }
        Act::Drip(bytes, pause) => {
            for byte in bytes {
                connection.write_all(&[byte]).await?;
                tokio::time::sleep(pause).await;
            }
            Ok(())
        }
        Act::Endless(first, again) => {
            connection.write_all(&first).await?;
            loop {
                connection.write_all(&again).await?;
            }
        }
        Act::Tunnel(response, to) => {
            connection.write_all(&response).await?;
            copy_bidirectional(&mut connection, &mut TcpStream::connect(to).await?).await?;
            Ok(())
        }
    }
}

/// Reads a request with its body; nothing when the connection was closed instead.
async fn read(connection: &mut TcpStream) -> io::Result<Option<Seen>> {
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let length = connection.read(&mut part).await?;
        bytes.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut words = head.split(' ').map(str::to_owned);
            let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let headers = head.lines().filter_map(|line| line.split_once(": "));
            let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
            let seen = Seen { method, target, headers, body: body.to_owned() };
            let wanted = seen.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            if seen.body.len() >= wanted {
                return Ok(Some(seen));
            }
        }
        if length == 0 {
            return Ok(None);
        }
    }
}
