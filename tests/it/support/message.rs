//! Requests as they arrive, and answers as they are sent.

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(super) fn of_head(head: &str) -> Option<Self> {
        let mut lines = head.trim_end().split("\r\n");
        let mut start = lines.next()?.split(' ');
        let (method, path) = (start.next()?.to_owned(), start.next()?.to_owned());
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
        Some(Self { method, path, headers: headers.collect(), body: Vec::new() })
    }

    /// All values of header `name`, which is in lower case.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let same = self.headers.iter().filter(|(other, _)| other == name);
        same.map(|(_, value)| value.as_str()).collect()
    }

    /// The parts of a multipart body, in order (RFC 7578).
    pub(crate) fn parts(&self) -> Vec<Part> {
        let content_type = self.header("content-type").join(",");
        let (kind, boundary) = content_type.split_once("; boundary=").expect("a boundary");
        assert_eq!(kind, "multipart/form-data");
        let end = format!("\r\n--{boundary}--\r\n");
        let body = [b"\r\n", self.body.as_slice()].concat();
        let body = body.strip_suffix(end.as_bytes()).expect("the closing boundary");
        let delimiter = format!("\r\n--{boundary}\r\n");
        split(body, delimiter.as_bytes()).into_iter().skip(1).map(Part::read).collect()
    }

    /// The text of field `name`.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let part = self.parts().into_iter().find(|part| part.name == name)?;
        Some(String::from_utf8(part.bytes).expect("UTF-8"))
    }
}

/// One part of a multipart body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

impl Part {
    fn read(bytes: &[u8]) -> Self {
        let end = find(bytes, b"\r\n\r\n").expect("the end of the part's head");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("UTF-8");
        let line = |name: &str| {
            let of_name = |line: &&str| line.to_lowercase().starts_with(name);
            head.split("\r\n").find(of_name).map(|line| line[name.len()..].trim().to_owned())
        };
        let disposition = line("content-disposition:").expect("a disposition");
        let parameter = |name: &str| {
            let (_, rest) = disposition.split_once(&format!("; {name}=\""))?;
            Some(rest.split('"').next()?.to_owned())
        };
        Self {
            name: parameter("name").expect("a name"),
            file_name: parameter("filename"),
            content_type: line("content-type:"),
            bytes: bytes[end + 4..].to_vec(),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

impl Answer {
    pub(crate) fn new(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self { status, headers: String::new(), body: body.as_ref().to_vec() }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers += &format!("{name}: {value}\r\n");
        self
    }

    /// Head and body; a 204 and a 304 have none.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Self { status, headers, body } = self;
        let length = match status {
            204 | 304 => String::new(),
            _ => format!("Content-Length: {}\r\n", body.len()),
        };
        let mut bytes = format!("HTTP/1.1 {status} X\r\n{length}{headers}\r\n").into_bytes();
        bytes.extend_from_slice(body);
        bytes
    }
}

pub(super) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn split<'a>(mut bytes: &'a [u8], delimiter: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    while let Some(at) = find(bytes, delimiter) {
        pieces.push(&bytes[..at]);
        bytes = &bytes[at + delimiter.len()..];
    }
    pieces.push(bytes);
    pieces
}
