import Basics
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Builds the whole web from a house.
package enum WebApp {
    /// Every route with its permission, in one table.
    package static var routes: Routes {
        var routes = Routes()
        Entry.declare(&routes)
        Portal.declare(&routes)
        Field.declare(&routes)
        Desk.declare(&routes)
        Admin.declare(&routes)
        Command.declare(&routes)
        WallPages.declare(&routes)
        Tiles.declare(&routes)
        Open311.declare(&routes)
        API.declare(&routes)
        Live.declare(&routes)
        return routes
    }

    package static func router(_ house: House) -> Router<WebContext> {
        let router = Router(context: WebContext.self, options: [.autoGenerateHeadEndpoints])
        if house.settings.countsStatements { router.add(middleware: StatementHeader(texts: house.settings.statementTexts)) }
        router.add(middleware: SecurityHeaders(https: house.settings.https))
        // Twice: outside for what fails before the reader is known, inside for answers in the reader's language.
        router.add(middleware: ErrorPages(house: house, isOutside: true))
        router.add(middleware: WaitForPlace(house: house))
        router.add(middleware: KnowReader(house: house))
        router.add(middleware: ErrorPages(house: house))
        for route in routes.all {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try await answer(route, house, request, context)
            }
        }
        refuseOtherMethods(router)
        return router
    }

    /// What is there but not by this method says by which.
    private static func refuseOtherMethods(_ router: Router<WebContext>) {
        let methods: [HTTPRequest.Method] =
            [.get, .post, .put, .patch, .delete, .options, .trace] + ["QUERY"].compactMap { HTTPRequest.Method($0) }
        for (path, routes) in Dictionary(grouping: routes.all, by: \.path) {
            let there = routes.map(\.method)
            let allow = (there + (there.contains(.get) ? [.head] : []) + [.options]).map(\.rawValue).sorted().joined(separator: ", ")
            for method in methods where !there.contains(method) {
                router.on(RouterPath(path), method: method) { request, _ -> Response in
                    guard request.method == .options else { throw HTTPError(.methodNotAllowed, headers: [.allow: allow]) }
                    return Response(status: .noContent, headers: [.allow: allow])
                }
            }
        }
    }

    /// - Parameter port: 0 takes any free one; `onRunning` is told which.
    package static func application(
        _ house: House, host: String, port: Int, logger: Logger, onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        Application(
            router: router(house),
            server: .http1(configuration: .init(additionalChannelHandlers: [DoorKeeper(house: house)], idleTimeout: .seconds(90))),
            configuration: .init(
                address: .hostname(host, port: port), backlog: 1024,
                availableConnectionsDelegate: .maximum(OpenFiles.connections, logger: logger)),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) },
            logger: logger)
    }

    private static func answer(_ route: Route, _ house: House, _ request: Request, _ context: WebContext) async throws -> Response {
        var call = Call(house: house, request: request, context: context)
        if call.session == nil, route.method == .post, Permission.asksForSession(route) { return try await SignedOut.answer(route, call) }
        if let elsewhere = try Permission.check(route, call) { return elsewhere }
        if route.path.contains(":") { try call.requirePatience() }
        guard route.method != .get, route.need != .client else { return try await route.handler(call) }
        let form = try await FormReader(scratch: house.scratch, limits: route.limits).read(request)
        defer { for file in form.files { try? FileManager.default.removeItem(atPath: file.path) } }
        try SameOrigin.check(request, reader: context.reader, form: form, publicURL: house.settings.publicURL)
        call.form = form
        return try await house.admission.work(context.lane) { [call] in try await route.handler(call) }
    }
}

enum Permission {
    static let refusal = PlainRefusal("web.not_for_you", sort: .forbidden)

    static func asksForSession(_ route: Route) -> Bool {
        switch route.need {
        case .anyone, .link, .client: false
        case .account, .field, .desk, .command, .admin, .walls, .audit: true
        }
    }

    /// Nil lets in; a page for the staff leads a stranger to the sign-in first.
    static func check(_ route: Route, _ call: Call) throws -> Response? {
        switch route.need {
        case .anyone, .link, .client: return nil
        case .account, .field, .desk, .command, .admin, .walls, .audit:
            guard let session = call.session else {
                return call.redirect(to: Paths.signIn + "?" + URLEncoded.encoded([("next", call.request.uri.string)]))
            }
            guard session.opens(route.need) else { throw refusal }
            return nil
        }
    }
}
