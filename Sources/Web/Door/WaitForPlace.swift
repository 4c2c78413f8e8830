import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Gives each request its place. One that brings a body gets it when the body is there (`WebApp.answer`, `Open311Posting`): a slow sender
/// takes nobody's.
struct WaitForPlace: RouterMiddleware {
    let house: House

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        guard DoorKeeper.counts(request.uri.path) else { return try await next(request, context) }
        var context = context
        context.lane = house.admission.lane(CookieNames.read(request.headers)[house.cookies.session])
        guard request.method == .get || request.method == .head else { return try await next(request, context) }
        return try await house.admission.work(context.lane) { try await next(request, context) }
    }
}
