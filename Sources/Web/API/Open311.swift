import Basics
import Catalog
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Open311 GeoReport v2, with mySociety's updates: the door for other cities' clients. Source: wiki.open311.org/GeoReport_v2.
enum Open311 {
    static let base = "/open311/v2"

    static func declare(_ routes: inout Routes) {
        routes.route(.get, "/open311/:resource", needs: .client) { call in
            let wanted = try Wanted(call, "resource")
            guard wanted.name == "discovery" else { throw Call.missing }
            return discovery(call, wanted.format)
        }
        routes.route(.get, base + "/:resource", needs: .client) { call in
            let wanted = try Wanted(call, "resource")
            try jurisdiction(call.query("jurisdiction_id"), call)
            return switch wanted.name {
            case "discovery": discovery(call, wanted.format)
            case "services": try services(call, wanted.format)
            case "requests": try await requests(call, wanted.format)
            case "servicerequestupdates": try await updates(call, wanted.format)
            default: throw Call.missing
            }
        }
        routes.route(.get, base + "/:resource/:id", needs: .client) { call in
            let resource = try call.parameter("resource")
            let wanted = try Wanted(call, "id")
            try jurisdiction(call.query("jurisdiction_id"), call)
            return switch resource {
            case "services": try definition(call, wanted)
            case "requests": try await request(call, wanted)
            case "tokens": try await token(call, wanted)
            default: throw Call.missing
            }
        }
        routes.route(.post, base + "/:resource", needs: .client, limits: .photos) { call in
            let wanted = try Wanted(call, "resource")
            return switch wanted.name {
            case "requests": try await Open311Posting.take(call, wanted.format)
            case "servicerequestupdates": try await Open311Posting.hear(call, wanted.format)
            default: throw Call.missing
            }
        }
    }

    enum Format: String, Sendable {
        case xml, json
        var type: String { self == .xml ? "text/xml; charset=utf-8" : "application/json; charset=utf-8" }
    }

    /// The last part of a path: a name or id, and the format it asks for.
    struct Wanted: Sendable {
        let name: String
        let format: Format

        /// - Throws: *not found* for a format that is not there.
        init(_ call: Call, _ part: String) throws {
            let text = try call.parameter(part)
            if let dot = text.lastIndex(of: "."), dot != text.startIndex {
                let ending = text[text.index(after: dot)...].lowercased()
                if let format = Format(rawValue: ending) {
                    name = String(text[..<dot])
                    self.format = format
                    return
                }
                throw PlainRefusal("open311.format", values: ["format": String(ending.prefix(20))], sort: .missing)
            }
            name = text
            format = Open311.format(of: call.request)
        }
    }

    /// By the ending of the path, else by what the client accepts; XML is the one that must be there.
    static func format(of request: Request) -> Format {
        let path = request.uri.path.lowercased()
        if path.hasSuffix(".json") { return .json }
        if path.hasSuffix(".xml") { return .xml }
        return (request.headers[.accept] ?? "").contains("application/json") ? .json : .xml
    }

    static func answer(_ tree: Tree, root: String, _ format: Format, status: HTTPResponse.Status = .ok) -> Response {
        let text = format == .xml ? tree.xml(root: root) : tree.json
        // Everything here is public or opened by a key that the client sends itself, so pages of other sites may read it too.
        return Response(
            status: status, headers: [.contentType: format.type, .accessControlAllowOrigin: "*"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// The errors document. 404 for what does not exist, 403 for keys, 400 for the rest; 429 when a client asks too often.
    static func refused(_ request: Request, _ sentences: [String], status: HTTPResponse.Status) -> Response {
        let status: HTTPResponse.Status =
            switch status {
            case .notFound, .forbidden, .tooManyRequests, .internalServerError, .methodNotAllowed, .serviceUnavailable: status
            case let status where status.isForNow: status
            default: .badRequest
            }
        let errors = sentences.map { Tree.object([("code", .number(Double(status.code))), ("description", .text($0))]) }
        return answer(.list(item: "error", errors), root: "errors", format(of: request), status: status)
    }

    /// - Throws: *not found* for another city's name; none is ours.
    static func jurisdiction(_ name: String, _ call: Call) throws {
        guard name.isEmpty || name == call.house.catalog.platform.jurisdiction else {
            throw PlainRefusal("open311.jurisdiction", values: ["name": String(name.prefix(60))], sort: .missing)
        }
    }

    /// A W3C date-time: a year, a month, a day, or a time with its zone. NB: an unencoded `+` of the zone arrives as a space.
    /// - Parameter end: of a year, month or day its last moment instead of its first, so that one day to the same day is that day.
    static func instant(_ text: String, _ call: Call, end: Bool = false) throws -> Instant {
        var text = text
        if let space = text.lastIndex(of: " "), text.contains("T") { text.replaceSubrange(space...space, with: "+") }
        if let days = days(text) {
            return end ? Instant(days.next, in: call.house.zone) - Span(milliseconds: 1) : Instant(days.first, in: call.house.zone)
        }
        guard let instant = Instant(iso: text, zone: call.house.zone) else {
            throw PlainRefusal("open311.date", values: ["value": String(text.prefix(40))])
        }
        return instant
    }

    /// The first day of a year, month or day, and the first after it.
    private static func days(_ text: String) -> (first: Day, next: Day)? {
        switch text.utf8.count {
        case 4: return Day(text + "-01-01").flatMap { first in Day(year: first.year + 1, month: 1, day: 1).map { (first, $0) } }
        case 7:
            guard let first = Day(text + "-01") else { return nil }
            let (year, month, _) = first.civil
            return Day(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1).map { (first, $0) }
        case 10: return Day(text).map { ($0, $0 + 1) }
        default: return nil
        }
    }

    /// Items between commas, of all fields of a name.
    static func items(_ values: [String]) -> [String] {
        values.flatMap { $0.split(separator: ",").map(\.trimmingSpaces) }.filter { !$0.isEmpty }
    }
}
