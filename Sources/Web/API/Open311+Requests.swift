import Basics
import Geo
import Grids
import HummingbirdCore
import Matters
import Posts
import Store

extension Open311 {
    static let window = Span.days(90)
    static let mostRows = 1000

    /// GET requests: the newest first.
    static func requests(_ call: Call, _ format: Format) async throws -> Response {
        let filter = try filter(call)
        return answer(.list(item: "request", try await rows(filter, call)), root: "service_requests", format)
    }

    static func request(_ call: Call, _ wanted: Wanted) async throws -> Response {
        var filter = PublicFilter()
        filter.numbers = items([wanted.name])
        let rows = try await rows(filter, call)
        guard !rows.isEmpty else { throw unknownRequest(wanted.name) }
        return answer(.list(item: "request", rows), root: "service_requests", wanted.format)
    }

    /// We never give tokens, but whoever sent an `id` of its own may ask by it.
    static func token(_ call: Call, _ wanted: Wanted) async throws -> Response {
        let house = call.house
        let matter = try await house.database.read { tx in
            let clients = try house.posts.clients(in: tx).map(\.id)
            return try house.matters.matter(source: "open311", clients: clients, sourceNumber: wanted.name, in: tx)
        }
        guard let matter else { throw PlainRefusal("open311.token_unknown", sort: .missing) }
        let tree = Tree.object([("service_request_id", .text(matter.number)), ("token", .text(wanted.name))])
        return answer(.list(item: "request", [tree]), root: "service_requests", wanted.format)
    }

    static func unknownRequest(_ id: String) -> PlainRefusal {
        PlainRefusal("open311.request_unknown", values: ["id": String(id.prefix(60))], sort: .missing)
    }

    private static func filter(_ call: Call) throws -> PublicFilter {
        var filter = PublicFilter()
        filter.numbers = items(call.queries("service_request_id"))
        let size = Int(call.query("page_size")) ?? mostRows
        filter.limit = min(max(size, 1), mostRows)
        filter.offset = (min(max(Int(call.query("page")) ?? 1, 1), 1_000_000) - 1) * filter.limit
        guard filter.numbers.isEmpty else { return filter }
        filter.categories = items(call.queries("service_code"))
        let states = Set(items(call.queries("status")).map { $0.lowercased() })
        if let odd = states.subtracting(["open", "closed"]).sorted().first {
            throw PlainRefusal("open311.status", values: ["value": String(odd.prefix(40))])
        }
        if states.count == 1 { filter.open = states.contains("open") }
        let span = try span(call)
        filter.openedFrom = span.from
        filter.openedBefore = span.to
        if !call.query("lat").isEmpty || !call.query("long").isEmpty {
            guard let lat = call.number("lat"), let lon = call.number("long"), Coordinate(lon: lon, lat: lat).isOnEarth else {
                throw PlainRefusal("open311.place_wrong")
            }
            let radius = call.number("radius") ?? 500
            filter.near = (Coordinate(lon: lon, lat: lat), min(max(radius, 1), 50_000))
        }
        return filter
    }

    /// At most ninety days: those given, the ninety after the first, the ninety before the last, or the most recent.
    static func span(_ call: Call) throws -> (from: Instant, to: Instant) {
        let from = call.query("start_date").isEmpty ? nil : try instant(call.query("start_date"), call)
        let to = call.query("end_date").isEmpty ? nil : try instant(call.query("end_date"), call, end: true)
        switch (from, to) {
        // A day more, since days at both ends are often meant to count.
        case (let from?, let to?):
            guard to - from <= window + .days(1) else { throw PlainRefusal("open311.span") }
            return (from, to)
        case (let from?, nil): return (from, from + window)
        case (nil, let to?): return (to - window, to)
        case (nil, nil): return (call.now - window, call.now + .days(1))
        }
    }

    private static func rows(_ filter: PublicFilter, _ call: Call) async throws -> [Tree] {
        let house = call.house
        let (found, book, chains) = try await house.database.read { tx in
            let found = try house.matters.published(filter, in: tx)
            let land = try house.grids.land(in: tx)
            return (found, try house.posts.book(in: tx), GridChains(land.on()))
        }
        return found.map { tree($0, book, chains, call) }
    }

    private static func tree(_ row: PublicMatter, _ book: PostBook, _ chains: GridChains, _ call: Call) -> Tree {
        let (matter, zone) = (row.matter, call.house.zone)
        let standing = row.standing
        let photo = row.photo.map { Tree.text(call.house.settings.publicURL + Paths.photo($0)) } ?? .empty
        return .object([
            ("service_request_id", .text(matter.number)),
            ("status", .text(row.isOpen ? "open" : "closed")),
            ("status_notes", .text(notes(row, call))),
            ("service_name", matter.category.map { .text(call.say("category.\($0)")) } ?? .empty),
            ("service_code", .text(matter.category)),
            ("description", .text(row.words.map { String($0.prefix(Open311Posting.longestDescription)) })),
            ("agency_responsible", .text(agency(row.holder, book))),
            ("service_notice", .empty),
            ("requested_datetime", .text(matter.openedAt.iso(in: zone))),
            ("updated_datetime", .text(row.updatedAt.iso(in: zone))),
            ("expected_datetime", .text(standing.dueAt?.iso(in: zone))),
            ("address", .text(matter.place)),
            ("address_id", .empty),
            ("zipcode", .empty),
            ("lat", .number(matter.point?.lat)),
            ("long", .number(matter.point?.lon)),
            ("media_url", photo),
            ("extended_attributes", extended(row, chains, call)),
        ])
    }

    /// The unit that has it, else the post; never a person.
    static func agency(_ post: PostID?, _ book: PostBook) -> String? {
        guard let post = post.flatMap({ book.posts[$0] }) else { return nil }
        return post.unit.flatMap { book.units[$0]?.name } ?? post.name
    }

    /// State, how it ended, and what the reporters said: `已结案 · 已解决 · 反映人确认已解决`.
    private static func notes(_ row: PublicMatter, _ call: Call) -> String {
        let standing = row.standing
        var notes = [call.say("state.\(standing.state.rawValue)")]
        if let outcome = standing.outcome { notes.append(call.say("outcome.\(outcome.rawValue)")) }
        if let confirmed = standing.confirmed { notes.append(call.say("confirmed.\(confirmed.rawValue)")) }
        if let main = row.main { notes.append(call.say("open311.merged", ["number": main.number])) }
        return notes.joined(separator: call.say("web.between"))
    }

    private static func extended(_ row: PublicMatter, _ chains: GridChains, _ call: Call) -> Tree {
        let standing = row.standing
        return .object([
            ("state", .text(standing.state.rawValue)),
            ("outcome", .text(standing.outcome?.rawValue)),
            ("confirmed", .text(standing.confirmed?.rawValue)),
            ("mark", .text(standing.mark.rawValue)),
            ("class", .text(standing.class)),
            ("main", .text(row.main?.number)),
            (
                "grids",
                .list(
                    item: "grid",
                    chains.chain(row.matter.path).map {
                        .object([("level", .text($0.level)), ("code", .text($0.code)), ("name", .text($0.name))])
                    })
            ),
            (
                "attributes",
                .list(
                    item: "attribute",
                    row.answers.map { answer in
                        let said = call.said(answer)
                        return .object([("code", .text(answer.name)), ("name", .text(said.name)), ("value", .text(said.value))])
                    })
            ),
        ])
    }
}
