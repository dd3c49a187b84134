//! The stand-in's list of sessions.

use serde_json::{Value, json};

use crate::support::server::{Server, different, request_id};

/// The server's list of sessions.
fn listed(server: &Server, query: &str) -> Value {
    let reply = server.json("GET", &format!("/v3/sessions/?{query}"), "");
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

fn ids(page: &Value) -> Vec<&str> {
    let rows = page["results"].as_array().unwrap().iter();
    rows.map(|row| row["session_id"].as_str().unwrap()).collect()
}

#[test]
fn saved_requests_are_listed_newest_first() {
    let server = Server::start(&[]);
    let matched = |arguments: &[&str]| {
        let outcome = different(server.tool()).arg("--json").args(arguments).run();
        request_id(outcome.exits(1))
    };
    let ann: Vec<_> = (0..3).map(|_| matched(&["--vendor-data", "ann & co"])).collect();
    let bob = matched(&["--vendor-data", "bob"]);
    matched(&["--vendor-data", "ann & co", "--no-save"]);
    let all = listed(&server, "");
    assert_eq!(ids(&all), [&bob, &ann[2], &ann[1], &ann[0]]);
    assert_eq!(
        (&all["count"], &all["next"], &all["previous"]),
        (&json!(4), &json!(null), &json!(null))
    );
    let row = &all["results"][0];
    assert_eq!((&row["status"], &row["vendor_data"]), (&json!("Declined"), &json!("bob")));
    assert_eq!((&row["session_kind"], &row["session_number"]), (&json!("user"), &json!(4)));
    assert_eq!(row["features"], json!([{"feature": "FACE_MATCH", "status": "Declined"}]));
    assert_eq!(listed(&server, "vendor_data=ann")["count"], 0, "exact");
    assert_eq!(listed(&server, "status=Approved,In%20Review")["count"], 0);
    assert_eq!(listed(&server, "status=Approved,Declined")["count"], 4);

    let second = listed(&server, "vendor_data=ann+%26+co&limit=1&offset=1");
    assert_eq!((ids(&second), &second["count"]), (vec![ann[1].as_str()], &json!(3)));
    for (link, id) in [("next", &ann[0]), ("previous", &ann[2])] {
        let url = second[link].as_str().unwrap().strip_prefix(server.base()).unwrap().to_owned();
        assert_eq!(ids(&server.json("GET", &url, "").json()), [id]);
    }
}

#[test]
fn sessions_are_filtered_by_creation_time() {
    let server = Server::start(&[]);
    for _ in 0..2 {
        different(server.tool()).run().exits(1);
    }
    let all = listed(&server, "");
    let [new, old] = [0, 1].map(|row| all["results"][row]["created_at"].as_str().unwrap());
    let day = &new[..10];
    for (query, count) in [
        (format!("date_from={new}"), 1),
        (format!("date_to={old}"), 1),
        (format!("date_from={old}&date_to={new}"), 2),
        (format!("date_from={}%2B00:00", new.trim_end_matches('Z')), 1),
        (format!("date_from={day}&date_to=2999-01-01T00:00:00"), 2),
        ("date_to=2020-01-01".to_owned(), 0),
    ] {
        assert_eq!(listed(&server, &query)["count"], count, "{query}");
    }
    for query in ["date_from=yesterday", "date_to="] {
        assert_eq!(
            server.json("GET", &format!("/v3/sessions/?{query}"), "").status,
            400,
            "{query}"
        );
    }
}

#[test]
fn the_list_needs_the_slash_and_the_key() {
    let server = Server::start(&[]);
    let moved = server.json("GET", "/v3/sessions?limit=1", "");
    assert_eq!((moved.status, moved.header("location")), (301, Some("/v3/sessions/?limit=1")));
    let request = b"GET /v3/sessions/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert_eq!(server.exchange(request).status, 403);
}
