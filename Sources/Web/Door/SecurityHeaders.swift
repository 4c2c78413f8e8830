import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Headers on every answer: nothing foreign runs, frames us, or learns where the reader came from.
struct SecurityHeaders: RouterMiddleware {
    let https: Bool

    static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'",
        "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        var response = try await next(request, context)
        put(in: &response.headers)
        set(&response.headers, "X-Request-ID", context.short)
        return response
    }

    func put(in headers: inout HTTPFields) {
        headers[.contentSecurityPolicy] = Self.policy
        headers[.xContentTypeOptions] = "nosniff"
        set(&headers, "Referrer-Policy", "no-referrer")
        set(&headers, "X-Frame-Options", "DENY")
        set(&headers, "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(self)")
        set(&headers, "Cross-Origin-Opener-Policy", "same-origin")
        if https { headers[.strictTransportSecurity] = "max-age=31536000; includeSubDomains" }
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
    }

    private func set(_ headers: inout HTTPFields, _ name: String, _ value: String) {
        if let name = HTTPField.Name(name) { headers[name] = value }
    }
}
