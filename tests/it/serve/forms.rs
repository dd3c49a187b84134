//! The form of a face match: what is refused, in the service's words, and at no cost.

use crate::support::server::{Reply, Server, same};

pub(super) const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0 and no picture";

fn file(name: &str, file_name: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("Content-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"");
    [head.as_bytes(), b"\r\n\r\n", bytes].concat()
}

fn text(name: &str, value: &str) -> Vec<u8> {
    format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}").into_bytes()
}

pub(super) fn both(bytes: &[u8]) -> Vec<Vec<u8>> {
    vec![file("user_image", "a.jpg", bytes), file("ref_image", "b.jpeg", bytes)]
}

pub(super) fn form(server: &Server, parts: &[Vec<u8>]) -> Reply {
    let mut body = Vec::new();
    for part in parts {
        body.extend_from_slice(b"--line\r\n");
        body.extend_from_slice(part);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--line--\r\n");
    server.face_match("multipart/form-data; boundary=line", &body)
}

#[test]
fn form_errors_are_in_the_services_words() {
    let server = Server::start(&[]);
    let with = |extra: Vec<u8>| {
        let mut parts = both(JPEG);
        parts.push(extra);
        parts
    };
    let threshold = "face_match_score_decline_threshold";
    let large = vec![0xff; 5 * 1024 * 1024 + 1];
    for (parts, field, said) in [
        (vec![file("user_image", "a.jpg", JPEG)], "ref_image", "No file was submitted."),
        (vec![file("ref_image", "a.jpg", JPEG)], "user_image", "No file was submitted."),
        (vec![], "user_image", "No file was submitted."),
        (vec![text("user_image", "x")], "user_image", "The submitted data was not a file."),
        (vec![file("user_image", "a.jpg", b"")], "user_image", "The submitted file is empty."),
        (vec![file("user_image", "a.gif", JPEG)], "user_image", "is not allowed."),
        (vec![file("user_image", "a", JPEG)], "user_image", "is not allowed."),
        (vec![file("user_image", "a.jpg", b"GIF89a")], "user_image", "Upload a valid image."),
        (
            vec![file("user_image", "a.jpg", &large)],
            "user_image",
            "File size should not exceed 5 MB",
        ),
        (both(JPEG), "user_image", "Upload a valid image."),
        (
            with(text(threshold, "101")),
            threshold,
            "Ensure this value is less than or equal to 100.",
        ),
        (
            with(text(threshold, "-1")),
            threshold,
            "Ensure this value is greater than or equal to 0.",
        ),
        (with(text(threshold, "x")), threshold, "A valid number is required."),
        (with(text("rotate_image", "perhaps")), "rotate_image", "Must be a valid boolean."),
        (with(text("save_api_request", "2")), "save_api_request", "Must be a valid boolean."),
        (with(text("metadata", "[1]")), "metadata", "Value must be a valid JSON object."),
        (with(text("vendor_data", &"x".repeat(2000))), "vendor_data", "no more than 1024"),
    ] {
        let reply = form(&server, &parts);
        let said_so = reply.json()[field][0].as_str().is_some_and(|text| text.contains(said));
        assert!(reply.status == 400 && said_so, "{field}, {said}: {reply:?}");
    }
    let all = form(&server, &[text(threshold, "x"), text("rotate_image", "x")]).json();
    assert_eq!(all.as_object().unwrap().len(), 4, "all at once: {all}");
    assert_eq!(server.face_match("application/json", b"{}").status, 415);
    assert_eq!(server.face_match("multipart/form-data", b"").status, 400);
    let huge = file("user_image", "a.jpg", &vec![0xff; 33 * 1024 * 1024]);
    assert_eq!(form(&server, &[huge]).status, 413);
}

/// An answer before the whole request was read would close the connection under the client.
#[test]
fn a_wrong_path_is_answered_after_the_whole_request() {
    let server = Server::start(&[]);
    let nowhere = format!("{}/nothing", server.base());
    for _ in 0..20 {
        same(server.tool()).args(["--api-url", &nowhere]).run().fails(8).stderr_has("HTTP 404");
    }
}

#[test]
fn a_refusal_costs_no_credit() {
    let server = Server::start(&["--credits", "1"]);
    assert_eq!(form(&server, &[file("user_image", "a.jpg", JPEG)]).status, 400);
    assert_eq!(form(&server, &both(JPEG)).status, 400, "not decodable");
    same(server.tool()).run().exits(0);
}
