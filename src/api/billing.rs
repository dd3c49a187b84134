//! Billing: the balance, and the payment page for a top-up.

use serde::Serialize;
use serde_json::value::RawValue;
use url::Url;

use super::provenance::Answer;
use super::request::Request;
use super::transport::Client;
use super::{failure, status};
use crate::error::{Error, Result};
use crate::values::json::Object;
use crate::values::quantity::{TopUp, Usd};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    pub balance: Usd,
    /// Whether auto-refill is on, if the service says so.
    pub refills: Option<bool>,
    pub refill_amount: Option<Usd>,
    pub refill_threshold: Option<Usd>,
}

impl Balance {
    /// Reads the balance strictly, and the rest leniently.
    ///
    /// # Errors
    /// [`crate::error::Kind::Response`] if it has no exact balance.
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        let answer = Object::of_answer(body).map_err(failure::unusable)?;
        let amount = |key| answer.get(key).and_then(Usd::from_json);
        let Some(balance) = amount("balance") else {
            return Err(failure::unusable("it has no `balance` that is a decimal amount"));
        };
        Ok(Self {
            balance,
            refills: answer.get("auto_refill_enabled").and_then(|text| text.parse().ok()),
            refill_amount: amount("auto_refill_amount"),
            refill_threshold: amount("auto_refill_threshold"),
        })
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Checkout<'a> {
    pub amount: TopUp,
    pub success_url: &'a str,
    pub cancel_url: &'a str,
}

#[derive(Serialize)]
struct Body<'a> {
    amount_in_dollars: Box<RawValue>,
    success_url: &'a str,
    cancel_url: &'a str,
}

/// A payment page: a plain http(s) URL, as the service wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutUrl(String);

impl CheckoutUrl {
    /// # Errors
    /// [`crate::error::Kind::Response`] if the answer has no URL, or one with another scheme.
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        let answer = Object::of_answer(body).map_err(failure::unusable)?;
        let text = answer.string("checkout_session_url");
        let text = text.ok_or_else(|| failure::unusable("it has no `checkout_session_url`"))?;
        if is_plain(&text) {
            Ok(Self(text))
        } else {
            Err(failure::unusable("its `checkout_session_url` is not a plain http(s) URL"))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a browser may open it.
    pub fn is_https(&self) -> bool {
        Url::parse(&self.0).is_ok_and(|url| url.scheme() == "https")
    }
}

fn is_plain(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let has_user = !url.username().is_empty() || url.password().is_some();
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    is_web && !has_user && text.bytes().all(|b| b.is_ascii_graphic())
}

impl Client {
    pub fn balance(&self) -> Result<Answer> {
        self.billing(&Request::get("/v3/billing/balance/"))
    }

    /// Requests a payment page; nothing is charged until a person pays there.
    pub fn top_up(&self, checkout: Checkout<'_>) -> Result<Answer> {
        let body = Body {
            amount_in_dollars: RawValue::from_string(checkout.amount.as_json())?,
            success_url: checkout.success_url,
            cancel_url: checkout.cancel_url,
        };
        self.billing(&Request::post_json("/v3/billing/top-up/", &body)?)
    }

    fn billing(&self, request: &Request) -> Result<Answer> {
        let answer = self.send(request)?;
        match answer.status {
            200 | 201 => Ok(answer),
            _ => Err(request.answered(&answer, status::error(self.base(), &answer)).into()),
        }
    }
}
