import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging

/// The one place that turns errors into answers: a refusal is said in the reader's language, a failure is logged once and shown by
/// its id alone.
struct ErrorPages: RouterMiddleware {
    let house: House

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let refusal as any Refusal {
            context.logger.info(
                "refused", metadata: ["id": "\(context.short)", "key": "\(refusal.key)", "path": "\(context.endpointPath ?? "")"])
            return answer(request, context, refusal.sort.status, refusal: refusal)
        } catch let error as any HTTPResponseError {
            let status = error.status
            let name = status == .notFound ? "web.not_found" : status == .methodNotAllowed ? "web.wrong_method" : "web.unreadable"
            var response = answer(request, context, status, refusal: PlainRefusal(name))
            if let allow = (error as? HTTPError)?.headers[.allow] { response.headers[.allow] = allow }
            return response
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            context.logger.error(
                "failed",
                metadata: ["id": "\(context.short)", "path": "\(context.endpointPath ?? "")", "error": "\(String(reflecting: error))"])
            return answer(request, context, .internalServerError, refusal: nil)
        }
    }

    private func answer(_ request: Request, _ context: WebContext, _ status: HTTPResponse.Status, refusal: (any Refusal)?) -> Response {
        let call = Call(house: house, request: request, context: context)
        let sentence = refusal.map(call.say) ?? call.say("web.failed", ["id": context.short])
        if request.uri.path.hasPrefix("/open311/") { return Open311.refused(request, [sentence], status: status) }
        let wantsJSON = request.headers[.accept]?.hasPrefix("application/json") == true
        if wantsJSON || request.uri.path.hasPrefix("/api/") || request.uri.path.hasPrefix("/live") {
            let body: [String: any Sendable] = ["error": refusal?.key ?? "failed", "message": sentence, "id": context.short]
            return call.json(body, status: status)
        }
        // What happened, what was done instead, what to do now, and a number to say on the phone.
        let reads = request.method == .get || request.method == .head
        var view: View = [
            "sentence": sentence, "ident": call.say("web.ident", ["id": context.short]),
            "instead": call.say(refusal == nil ? "web.failed.kept" : reads ? "web.refused.nothing" : "web.refused.kept"),
        ]
        if refusal == nil, reads { view["again"] = request.uri.string }
        if status == .notFound { view["find"] = true }
        return
            (try? call.page(
                "layout/error", title: call.say(status == .notFound ? "web.title.missing" : "web.title.error"), view, status: status,
                hasForms: false))
            ?? Response(status: status)
    }
}

extension RefusalSort {
    package var status: HTTPResponse.Status {
        switch self {
        case .invalid: .unprocessableContent
        case .forbidden: .forbidden
        case .missing: .notFound
        case .conflict: .conflict
        case .tooMany: .tooManyRequests
        case .tooLarge: .contentTooLarge
        }
    }
}
