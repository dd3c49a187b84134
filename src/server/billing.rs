//! The balance, and payment pages: on this server alone, a page can be paid.

use axum::extract::{Request, State as Shared};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::{Value, json};

use super::answers;
use super::answers::{Id, Reply, read_id};
use super::options::Permission;
use super::state::{Access, AppState};

pub(super) async fn balance(Shared(state): AppState, headers: HeaderMap) -> Reply {
    state.admit(&headers, Permission::Billing, Access::Read)?;
    let body = json!({
        "balance": state.books().balance(),
        "auto_refill_enabled": false,
        "auto_refill_amount": null,
        "auto_refill_threshold": null,
    });
    Ok(answers::json(StatusCode::OK, &body))
}

pub(super) async fn top_up(Shared(state): AppState, request: Request) -> Reply {
    let admitted = state.admit(request.headers(), Permission::Billing, Access::Write);
    let body = answers::read_object(request.into_body()).await;
    admitted?;
    let dollars = dollars(&body?)?;
    let id = state.books().new_checkout(dollars);
    let url = format!("{}/_local/checkout/{id}/", state.base);
    let body = json!({"checkout_session_id": id, "checkout_session_url": url});
    Ok(answers::json(StatusCode::OK, &body))
}

/// Accepts a number or a numeric string; truncates to whole dollars.
fn dollars(body: &Value) -> Result<u64, Response> {
    let field = |error| answers::field("amount_in_dollars", error);
    let amount = match &body["amount_in_dollars"] {
        Value::Null => return Err(field("This field is required.")),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return Err(field("A valid number is required.")),
    };
    let amount =
        Decimal::from_str_exact(&amount).map_err(|_| field("A valid number is required."))?;
    if amount < Decimal::from(50) {
        let body = json!(["Amount must be at least $50."]);
        return Err(answers::json(StatusCode::BAD_REQUEST, &body));
    }
    amount.to_u64().ok_or_else(|| field("A valid number is required."))
}

pub(super) async fn checkout(Shared(state): AppState, id: Id) -> Reply {
    let id = read_id(id)?;
    let is_open = state.books().has_checkout(&id);
    if is_open { Ok(checkout_page()) } else { Err(answers::not_found()) }
}

pub(super) async fn pay(Shared(state): AppState, id: Id) -> Reply {
    let id = read_id(id)?;
    let mut books = state.books();
    if !books.pay_checkout(&id) {
        return Err(answers::not_found());
    }
    Ok(answers::json(StatusCode::OK, &json!({"paid": true, "balance": books.balance()})))
}

fn checkout_page() -> Response {
    let html = "<!doctype html><title>Rehearsal</title><p>This is didit-face serve, not a shop: no money moves.\
                <form method=post><button>Pay</button></form>";
    let kind = [(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
    (kind, html).into_response()
}
