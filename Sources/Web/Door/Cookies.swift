import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Names and writing of our cookies: `__Host-` when the public address is https, plain names otherwise.
struct CookieNames: Sendable {
    let https: Bool

    var session: String { name("weiwang") }
    /// Between the password and the code.
    var step: String { name("weiwang_step") }
    /// A browser that is trusted without the code.
    var device: String { name("weiwang_device") }
    var form: String { name("weiwang_form") }
    var language: String { name("weiwang_language") }
    var size: String { name("weiwang_size") }

    private func name(_ plain: String) -> String { https ? "__Host-" + plain : plain }

    /// - Parameter seconds: nil ends with the browser, 0 deletes.
    func set(_ name: String, _ value: String, seconds: Int?, strict: Bool = false) -> String {
        var text = "\(name)=\(value); Path=/; HttpOnly; SameSite=\(strict ? "Strict" : "Lax")"
        if let seconds { text += "; Max-Age=\(seconds)" }
        return https ? text + "; Secure" : text
    }

    static func read(_ headers: HTTPFields) -> [String: String] {
        var cookies: [String: String] = [:]
        for header in headers[values: .cookie] {
            for item in header.split(separator: ";") {
                let halves = item.split(separator: "=", maxSplits: 1)
                guard halves.count == 2, let name = halves[0].split(separator: " ").first else { continue }
                cookies[String(name)] = halves[1].filter { $0 != " " }
            }
        }
        return cookies
    }
}

extension Response {
    mutating func add(cookie: String) { headers.append(HTTPField(name: .setCookie, value: cookie)) }
}
