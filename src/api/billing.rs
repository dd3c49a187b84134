//! Billing: the balance, and the payment page for a top-up.

use serde::Serialize;
use serde_json::value::RawValue;
use url::Url;

use super::answer::Answer;
use super::failure;
use super::request::Request;
use super::status;
use super::transport::Client;
use crate::error::{Error, Result};
use crate::values::json::Object;
use crate::values::money::{TopUp, Usd};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_balance_is_read() {
        let body = br#"{"balance": "1234.5600", "auto_refill_enabled": true,
            "auto_refill_amount": "500.00", "auto_refill_threshold": "100.00"}"#;
        let balance = Balance::read(body).unwrap();
        assert_eq!(balance.balance.to_string(), "1234.56 USD");
        assert_eq!(balance.refills, Some(true));
        assert_eq!(balance.refill_amount.unwrap().to_string(), "500.00 USD");
        let body = br#"{"balance": 3.5, "auto_refill_enabled": false, "auto_refill_amount": null}"#;
        assert_eq!(Balance::read(body).unwrap().refill_amount, None);
    }

    #[test]
    fn an_invalid_balance_is_refused() {
        for body in [
            "",
            "[]",
            "{}",
            r#"{"balance": null}"#,
            r#"{"balance": "much"}"#,
            r#"{"balance": "1", "balance": "2"}"#,
        ] {
            assert!(Balance::read(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn only_http_urls_are_checkout_pages() {
        let url = |url: &str| {
            CheckoutUrl::read(format!(r#"{{"checkout_session_url": "{url}"}}"#).as_bytes())
        };
        let stripe = "https://checkout.stripe.com/c/pay/cs_test_a1#x";
        assert_eq!(url(stripe).unwrap().as_str(), stripe);
        assert!(url(stripe).unwrap().is_https());
        assert!(!url("http://127.0.0.1:8787/pay").unwrap().is_https());
        for bad in [
            "",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "ftp://a.b/",
            "https://",
            "https://u:p@a.b/",
            "a.b/c",
            "https://a.b/ c",
            "https://a.b/ü",
        ] {
            assert!(url(bad).is_err(), "{bad}");
        }
    }
}
