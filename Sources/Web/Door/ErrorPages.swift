import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import Store

/// The one place that turns errors into answers: a refusal is said in the reader's language, a failure is logged once and shown by
/// its id alone.
struct ErrorPages: RouterMiddleware {
    let house: House
    /// Outside of `KnowReader` nobody else has found out the language.
    var isOutside = false

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        var context = context
        if isOutside { context.reader.language = Language(accepting: request.headers[.acceptLanguage] ?? "") }
        do {
            return try await next(request, context)
        } catch let refusal as any Refusal {
            context.logger.info(
                "refused", metadata: ["id": "\(context.short)", "key": "\(refusal.key)", "path": "\(context.endpointPath ?? "")"])
            await Call(house: house, request: request, context: context).noteRefusal(refusal)
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
            guard let outage = Outage(error) else { return answer(request, context, .internalServerError, refusal: nil) }
            return answer(request, context, outage.status, refusal: PlainRefusal("outage.\(outage.rawValue)", sort: .busy))
        }
    }

    private func answer(_ request: Request, _ context: WebContext, _ status: HTTPResponse.Status, refusal: (any Refusal)?) -> Response {
        let call = Call(house: house, request: request, context: context)
        let sentence = refusal.map(call.say) ?? call.say("web.failed", ["id": context.short])
        var response = shown(request, call, status, sentence, refusal)
        // Soon, but not all in the same second.
        if status.isForNow { response.headers[.retryAfter] = "\(Int.random(in: 2...5))" }
        return response
    }

    private func shown(
        _ request: Request, _ call: Call, _ status: HTTPResponse.Status, _ sentence: String, _ refusal: (any Refusal)?
    ) -> Response {
        let context = call.context
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
        if refusal == nil || status.isForNow, reads { view["again"] = request.uri.string }
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
        case .busy: .serviceUnavailable
        }
    }
}

extension Outage {
    var status: HTTPResponse.Status { self == .diskFull ? .init(code: 507, reasonPhrase: "Insufficient Storage") : .serviceUnavailable }
}

extension HTTPResponse.Status {
    /// Says nothing against the request, only against the moment.
    var isForNow: Bool { [429, 503, 507].contains(code) }
}
