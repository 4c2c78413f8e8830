import Basics
import Catalog
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Insight
import Logging
import Store

/// Is it up, and is all in step? 503 without a database. Figures may still be being counted (`counted`), all else is served from the first moment.
enum Health {
    static func show(_ call: Call) async throws -> Response {
        let house = call.house
        do {
            let database = try await house.database.version()
            let followers = try await (house.followers?.lags() ?? []).map {
                ["name": $0.name, "behind": $0.entries] as [String: any Sendable]
            }
            let missing = house.catalog.calendar.missingYears(at: call.now)
            let problems = house.live.problems.map { problem in
                ["file": problem.file, "line": problem.line, "problem": "\(problem)"] as [String: any Sendable]
            }
            let walReset = try await house.database.walReset()
            return call.json([
                "wal_reset_fault": walReset ?? "none", "status": "ready", "version": Version.text, "database": database,
                "followers": followers,
                "calendar": ["years": house.catalog.calendar.years.sorted(), "missing": missing] as [String: any Sendable],
                "catalog": problems, "counted": house.board.isReady, "streams": house.feed.count, "time": call.now.iso(in: house.zone),
            ])
        } catch {
            call.context.logger.error("health", metadata: ["error": "\(error)"])
            var body: [String: any Sendable] = ["status": "failed", "version": Version.text]
            if let outage = Outage(error) {
                body["outage"] = outage.rawValue
                body["message"] = call.say(PlainRefusal("outage.\(outage.rawValue)"))
            }
            return call.json(body, status: .serviceUnavailable)
        }
    }
}
