//! What other programs send to `serve`, byte for byte, and malformed requests.

use std::fs;
use std::io::{Read, Write};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::photos::sample;
use crate::support::server::{KEY, Reply, Server};

/// A form of Python's `requests`: the boundary is 32 hex digits, text fields come first, and parts
/// have a content type only if given.
fn python_form(content_types: bool) -> (String, Vec<u8>) {
    let boundary = "f7a3c0d1e2b34455a6b7c8d9e0f10213";
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"face_match_score_decline_threshold\"\r\n\r\n50\r\n"
    )
    .into_bytes();
    for (field, name) in [("user_image", "selfie.png"), ("ref_image", "id_photo.jpg")] {
        let content_type = match name {
            _ if !content_types => String::new(),
            "selfie.png" => "Content-Type: image/png\r\n".to_owned(),
            _ => "Content-Type: image/jpeg\r\n".to_owned(),
        };
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n{content_type}\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(photo(field));
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").into_bytes());
    (boundary.to_owned(), body)
}

fn photo(field: &str) -> Vec<u8> {
    let name = if field == "user_image" { "astronaut.png" } else { "astronaut_id_card.jpg" };
    fs::read(sample(name)).unwrap()
}

fn approved(reply: &Reply) {
    assert_eq!(reply.status, 200, "{reply:?}");
    let body = reply.json();
    assert_eq!(body["face_match"]["status"], "Approved");
    assert_eq!(reply.header("content-type"), Some("application/json"));
    for member in ["request_id", "created_at"] {
        assert!(body[member].is_string(), "{member}");
    }
    for image in ["user_image", "ref_image"] {
        let entity = &body["face_match"][image]["entities"][0];
        assert_eq!(entity["bbox"].as_array().unwrap().len(), 4);
        assert!(entity["age"].is_number() && entity["confidence"].is_number());
        assert!(entity["gender"].is_string());
        assert_eq!(body["face_match"][image]["best_angle"], 0);
    }
}

#[test]
fn python_requests() {
    let server = Server::start(&[]);
    for content_types in [false, true] {
        let (boundary, body) = python_form(content_types);
        let head = format!(
            "POST /v3/face-match/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: python-requests/2.34.2\r\nAccept-Encoding: gzip, deflate\r\nAccept: */*\r\nConnection: close\r\nx-api-key: {KEY}\r\nContent-Length: {}\r\nContent-Type: multipart/form-data; boundary={boundary}\r\n\r\n",
            body.len()
        );
        approved(&server.exchange(&[head.as_bytes(), &body].concat()));
    }
}

#[test]
fn curl_which_waits_for_100_continue() {
    let server = Server::start(&[]);
    let boundary = "------------------------d74496d66958873e";
    let mut body = Vec::new();
    for (field, name, kind) in
        [("user_image", "selfie.png", "image/png"), ("ref_image", "id.jpg", "image/jpeg")]
    {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(photo(field));
        body.extend(b"\r\n");
    }
    let rotate = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"rotate_image\"\r\n\r\nfalse\r\n--{boundary}--\r\n"
    );
    body.extend(rotate.into_bytes());
    let head = format!(
        "POST /v3/face-match/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\nConnection: close\r\nx-api-key: {KEY}\r\nContent-Length: {}\r\nContent-Type: multipart/form-data; boundary={boundary}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    let mut stream = server.connect();
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&body).unwrap();
    approved(&Reply::read(&mut stream));
}

/// What Node's `fetch` sends: chunks of unknown total length.
#[test]
fn a_form_in_chunks() {
    let server = Server::start(&[]);
    let (boundary, body) = python_form(true);
    let head = format!(
        "POST /v3/face-match/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-api-key: {KEY}\r\ncontent-type: multipart/form-data; boundary=\"{boundary}\"\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    let mut request = head.into_bytes();
    for chunk in body.chunks(16_000) {
        request.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        request.extend(chunk);
        request.extend(b"\r\n");
    }
    request.extend(b"0\r\n\r\n");
    approved(&server.exchange(&request));
}

/// A form of valid and invalid pieces, cut anywhere, with any content type.
fn malformed() -> impl Strategy<Value = (String, Vec<u8>)> {
    let piece = prop_oneof![
        Just(b"--line\r\n".to_vec()),
        Just(b"--line--\r\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\r\n\r\n".to_vec()),
        Just(
            b"Content-Disposition: form-data; name=\"user_image\"; filename=\"a.jpg\"\r\n".to_vec()
        ),
        Just(b"Content-Disposition: form-data; name=\"ref_image\"; filename=\"".to_vec()),
        Just(b"Content-Disposition: form-data; name=\"metadata\"\r\n\r\n{\"a\": ".to_vec()),
        Just(b"Content-Disposition: form-data; name=\"rotate_image\"\r\n\r\ntrue\r\n".to_vec()),
        Just(b"content-disposition:;;;=\"\"\"\r\n".to_vec()),
        Just(b"Content-Type: image/jpeg; charset=\r\n".to_vec()),
        Just(b"Content-Transfer-Encoding: base64\r\n".to_vec()),
        Just(b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec()),
        Just(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..200),
        Just(vec![b'A'; 20_000]),
    ];
    let content_type = prop_oneof![
        8 => Just("multipart/form-data; boundary=line".to_owned()),
        1 => Just("multipart/form-data; boundary=\"\"".to_owned()),
        1 => Just("multipart/form-data; boundary=\"lin".to_owned()),
        1 => Just("multipart/mixed; boundary=line".to_owned()),
        1 => Just(format!("multipart/form-data; boundary={}", "b".repeat(300))),
        1 => Just(String::new()),
    ];
    let body = proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat());
    (content_type, body)
}

#[test]
fn malformed_forms_are_refused_and_survived() {
    let server = Server::start(&["--rate", "100000"]);
    let mut runner =
        TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let result = runner.run(&malformed(), |(content_type, body)| {
        let reply = server.face_match(&content_type, &body);
        prop_assert!((400..500).contains(&reply.status), "{reply:?}");
        Ok(())
    });
    result.unwrap();
    assert!(server.is_well());
}

#[test]
fn requests_that_are_not_http_are_survived() {
    let server = Server::start(&[]);
    for request in [
        &b"\0\xff\xfe garbage\r\n\r\n"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /v3/face-match/ HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /v3/face-match/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"GET /v3/session/%ff/decision/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /v3/session/..%2f..%2fx/decision/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ] {
        let mut stream = server.connect();
        let _ = stream.write_all(request);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let reply = Reply::read(&mut stream);
        assert!(reply.status < 500, "{reply:?}");
    }
    assert!(server.is_well());
}
