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
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.xContentTypeOptions] = "nosniff"
        set(&response, "Referrer-Policy", "no-referrer")
        set(&response, "X-Frame-Options", "DENY")
        set(&response, "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(self)")
        set(&response, "Cross-Origin-Opener-Policy", "same-origin")
        set(&response, "X-Request-ID", context.short)
        if https { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }

    private func set(_ response: inout Response, _ name: String, _ value: String) {
        if let name = HTTPField.Name(name) { response.headers[name] = value }
    }
}
