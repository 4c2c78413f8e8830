import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Keeps foreign pages from acting in a reader's name.
///
/// - A page that says it is foreign (`Origin`, `Sec-Fetch-Site`) is refused.
/// - With a session, the session's own token must come along (field `csrf` or header `X-CSRF`).
/// - Without one, the form's token must match its cookie (double submit), unless the browser itself vouches for the origin.
enum SameOrigin {
    static let refusal = PlainRefusal("web.foreign_form", sort: .forbidden)

    static func check(_ request: Request, reader: Reader, form: Form, publicURL: String) throws {
        let vouched = try origin(request, publicURL)
        let token = form.has("csrf") ? form["csrf"] : request.headers.value(of: "X-CSRF") ?? ""
        if let session = reader.session {
            guard same(token, session.csrf) else { throw refusal }
        } else if !vouched {
            guard let expected = reader.formToken, same(token, expected) else { throw refusal }
        }
    }

    /// True when the browser says the request comes from one of our own pages, false when it says nothing.
    private static func origin(_ request: Request, _ publicURL: String) throws -> Bool {
        if let site = request.headers.value(of: "Sec-Fetch-Site") {
            guard site == "same-origin" || site == "none" else { throw refusal }
        }
        guard let origin = request.headers[.origin] else { return false }
        // NB: with `Referrer-Policy: no-referrer` browsers send `Origin: null` for form posts; it then proves nothing either way.
        if origin == "null" { return request.headers.value(of: "Sec-Fetch-Site") == "same-origin" }
        let host = request.head.authority ?? ""
        guard origin == publicURL || origin == "http://\(host)" || origin == "https://\(host)" else { throw refusal }
        return true
    }

    /// Compares without telling by its time how much was right.
    private static func same(_ a: String, _ b: String) -> Bool {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        guard a.count == b.count, !a.isEmpty else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
