import Basics
import HummingbirdCore
import Matters
import Posts
import Store

extension Open311 {
    /// GET servicerequestupdates: what happened, oldest first. Source: mySociety, Open311 FMS extension.
    static func updates(_ call: Call, _ format: Format) async throws -> Response {
        let span = try span(call)
        let numbers = items(call.queries("service_request_id"))
        let size = min(max(Int(call.query("page_size")) ?? mostRows, 1), mostRows)
        let offset = (min(max(Int(call.query("page")) ?? 1, 1), 1_000_000) - 1) * size
        let house = call.house
        let (steps, book) = try await house.database.read { tx in
            (
                try house.matters.publicSteps(from: span.from, to: span.to, numbers: numbers, limit: size, offset: offset, in: tx),
                try house.posts.book(in: tx)
            )
        }
        let zone = house.zone
        let updates = steps.map { step in
            var words = call.say("step.\(step.verb)", ["post": agency(step.post, book) ?? ""])
            if let own = step.words, !own.isEmpty { words += "\n" + own.prefix(Open311Posting.longestDescription) }
            return Tree.object([
                ("update_id", .text(step.id.description)), ("service_request_id", .text(step.number)),
                ("status", .text(step.open ? "open" : "closed")), ("updated_datetime", .text(step.at.iso(in: zone))),
                ("description", .text(words)), ("media_url", .empty),
            ])
        }
        return answer(.list(item: "request_update", updates), root: "service_request_updates", format)
    }
}
