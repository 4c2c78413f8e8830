import Basics
import Foundation
import Geo
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import NIOCore
import Posts
import ServiceLifecycle
import Store

extension Feed {
    /// What a page needs to redraw a row or a dot; nothing of any person.
    static func data(_ matter: Matter, at now: Instant, zone: TimeZone) -> String {
        Tree.object([
            ("id", .text(matter.id.description)), ("number", .text(matter.number)), ("mark", .text(matter.mark.rawValue)),
            ("state", .text(matter.state.rawValue)), ("category", .text(matter.category)), ("late", .flag(matter.isLate(at: now))),
            ("supervised", .flag(matter.supervised)), ("lon", .number(matter.point?.lon)), ("lat", .number(matter.point?.lat)),
            ("due", .text(matter.dueAt?.iso(in: zone))), ("path", .text(matter.path.text)),
        ]).json
    }

    /// What a screen on a wall is told: the mark and where.
    static func face(_ matter: Matter, at now: Instant) -> String {
        Tree.object([
            ("id", .text(matter.id.description)), ("mark", .text(matter.mark.rawValue)), ("state", .text(matter.state.rawValue)),
            ("late", .flag(matter.isLate(at: now))), ("lon", .number(matter.point?.lon)), ("lat", .number(matter.point?.lat)),
        ]).json
    }
}

/// `/live`: server-sent events for those signed in.
enum Live {
    static let beatEvery = Duration.seconds(15)

    static func declare(_ routes: inout Routes) {
        routes.route(.get, "/live", needs: .client, show)
    }

    static func show(_ call: Call) async throws -> Response {
        guard let session = call.session else { throw PlainRefusal("web.signed_out", sort: .forbidden) }
        let (house, token) = (call.house, session.token)
        return stream(call, to: .person(session.person.id), token: token) { tx in
            try house.posts.session(token, at: house.time.now, in: tx) != nil
        }
    }

    /// - Parameter isGood: asked with each beat; the stream ends when it no longer is.
    static func stream(
        _ call: Call, to ear: Feed.Ear, token: String? = nil, isGood: @escaping @Sendable (Transaction) throws -> Bool
    ) -> Response {
        let house = call.house
        // Nothing is kept for those who were away: they read the page again.
        let returns = !(call.request.headers.value(of: "Last-Event-ID") ?? "").isEmpty
        let body = ResponseBody { writer in
            let (number, items) = house.feed.open(ear, token: token)
            defer { house.feed.close(number) }
            let beats = Task {
                while true {
                    try await Task.sleep(for: beatEvery)
                    guard house.feed.beat(number) else { return }
                }
            }
            defer { beats.cancel() }
            try await withGracefulShutdownHandler {
                try await writer.write(ByteBuffer(string: "retry: 3000\n\n" + (returns ? "event: reload\ndata: {}\n\n" : ": open\n\n")))
                for await item in items {
                    switch item {
                    case .event(let name, let id, let data):
                        let mark = id.isEmpty ? "" : "id: \(id)\n"
                        try await writer.write(ByteBuffer(string: mark + "event: \(name)\ndata: \(data)\n\n"))
                    case .beat:
                        // The stream ends when its authority does, at a signing out at once, else with the next event or beat.
                        if try await goesOn(house.database, isGood) {
                            try await writer.write(ByteBuffer(string: ": \n\n"))
                        } else {
                            try await writer.write(ByteBuffer(string: "event: end\ndata: {}\n\n"))
                            house.feed.close(number)
                        }
                    case .end: try await writer.write(ByteBuffer(string: "event: end\ndata: {}\n\n"))
                    }
                }
                try await writer.finish(nil)
            } onGracefulShutdown: {
                house.feed.close(number)
            }
        }
        return answer(body)
    }

    /// Whether a stream still has its authority. While the database is away nobody can tell, and nothing is told either: else all streams would
    /// come back at once when it does.
    static func goesOn(_ database: Database, _ isGood: @escaping @Sendable (Transaction) throws -> Bool) async throws -> Bool {
        do { return try await database.read { try isGood($0) } } catch  where Outage(error) == .databaseAway { return true }
    }

    private static func answer(_ body: ResponseBody) -> Response {
        var headers: HTTPFields = [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"]
        if let name = HTTPField.Name("X-Accel-Buffering") { headers[name] = "no" }
        return Response(status: .ok, headers: headers, body: body)
    }
}
