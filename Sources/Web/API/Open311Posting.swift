import Basics
import Catalog
import Foundation
import Geo
import HTTPTypes
import HummingbirdCore
import Ledger
import Matters
import Posts
import Store

/// Several things wrong with one request, said together.
struct Open311Problems: Error {
    var all: [any Refusal]
}

/// POST: a report, or a word about one.
enum Open311Posting {
    static let longestDescription = 4000

    /// A report, acknowledged once it is on disk; photos that came along follow.
    static func take(_ call: Call, _ format: Open311.Format) async throws -> Response {
        try await withForm(call) { form, key, client in
            let house = call.house
            var new = try report(form, client, call)
            new.number = try await house.matters.nextNumber(at: call.now, from: house.database)
            let report = try await house.matters.looked(at: new, on: call.now, from: house.database)
            let act = Act(id: report.id.uuid.derived("open"), at: call.now, actor: client.actor)
            let place = form["address_id"]
            let taken: (number: String, repeated: Bool) = try await house.database.write { tx in
                guard let known = try house.posts.client(key: key, in: tx), known.id == client.id else { throw Open311Memory.noKey }
                var report = report
                if report.point == nil, let record = RecordID(place), let found = try house.ledger.record(record, in: tx) {
                    report.point = found.point
                    if report.placeWords == place { report.placeWords = found.name }
                }
                let opened = try house.matters.open(report, act: act, in: tx)
                guard opened.repeated, let first = try house.matters.report(opened.report, in: tx)?.firstMatter, first != opened.matter.id,
                    let matter = try house.matters.matter(first, in: tx)
                else { return (opened.matter.number, opened.repeated) }
                return (matter.number, true)
            }
            try await keepPhotos(form, report, again: taken.repeated, call, client)
            let answer = Tree.object([
                ("service_request_id", .text(taken.number)),
                ("service_notice", .text(call.say("open311.notice", ["number": taken.number]))),
                ("account_id", .text(form["account_id"].isEmpty ? nil : String(form["account_id"].prefix(200)))),
            ])
            return Open311.answer(.list(item: "request", [answer]), root: "service_requests", format)
        }
    }

    /// A word about a report that this client sent before.
    static func hear(_ call: Call, _ format: Open311.Format) async throws -> Response {
        try await withForm(call) { form, key, client in
            let house = call.house
            guard !form["service_request_id"].isEmpty else { throw PlainRefusal("open311.request_missing") }
            let open: Bool?
            switch form["status"].lowercased() {
            case "": open = nil
            case "open": open = true
            case "closed", "fixed": open = false
            default: throw PlainRefusal("open311.status", values: ["value": String(form["status"].prefix(40))])
            }
            var words = form["description"]
            if !form["media_url"].isEmpty { words += (words.isEmpty ? "" : "\n") + form["media_url"].prefix(500) }
            let given = form["update_id"]
            let word = ClientWord(number: form["service_request_id"], words: words, open: open)
            let own = given.isEmpty ? UUIDv7(at: call.now) : client.id.uuid.derived("update \(word.number) \(given)")
            let act = Act(id: own, at: call.now, actor: client.actor)
            let id = try await house.database.write { tx in
                guard let known = try house.posts.client(key: key, in: tx), known.id == client.id else { throw Open311Memory.noKey }
                return try house.matters.hear(word, from: client.id, act: act, in: tx)
            }
            let answer = Tree.object([("update_id", .text(id.description))])
            return Open311.answer(.list(item: "request_update", [answer]), root: "service_request_updates", format)
        }
    }

    /// Reads the form, checks city and key, and forgets a key that no longer opens.
    private static func withForm(_ call: Call, _ body: (Form, String, Client) async throws -> Response) async throws -> Response {
        let form = try await FormReader(scratch: call.house.scratch, limits: .photos).read(call.request)
        defer { for file in form.files { try? FileManager.default.removeItem(atPath: file.path) } }
        try Open311.jurisdiction(form.has("jurisdiction_id") ? form["jurisdiction_id"] : call.query("jurisdiction_id"), call)
        let key = call.apiKey(form)
        let client = try await call.house.open311.admit(key, call.house, at: call.now)
        do {
            guard client.verbs.contains(VerbGroup.report.rawValue) else { throw PlainRefusal("open311.may_not_report", sort: .forbidden) }
            return try await call.house.admission.work(call.context.lane) { try await body(form, key, client) }
        } catch let refusal as PlainRefusal where refusal == Open311Memory.noKey {
            call.house.open311.forget(key)
            throw refusal
        } catch let problems as Open311Problems {
            let status = problems.all.contains { $0.sort == .missing } ? RefusalSort.missing.status : .badRequest
            return Open311.refused(call.request, problems.all.map { call.say($0) }, status: status)
        }
    }

    // MARK: The report

    /// - Throws: `Open311Problems` with all that is wrong.
    private static func report(_ form: Form, _ client: Client, _ call: Call) throws -> NewReport {
        var problems = Open311Problems(all: [])
        let code = form["service_code"]
        var answers: [String: FactValue] = [:]
        if code.isEmpty {
            problems.all.append(PlainRefusal("open311.service_missing"))
        } else if let category = call.house.catalog.category(code), !category.retired {
            var given = Open311.attributes(form)
            // The address of a picture elsewhere: for the staff to see, never fetched by us.
            if !form["media_url"].isEmpty { given["media_url"] = [form["media_url"]] }
            let read = CategoryForm(category, call.house.catalog).read(given)
            answers = read.answers
            problems.all += read.wrong
        } else {
            problems.all.append(Open311.unknownService(code))
        }
        var point: Coordinate?
        if !form["lat"].isEmpty || !form["long"].isEmpty {
            if let lat = form.number("lat"), let lon = form.number("long"), Coordinate(lon: lon, lat: lat).isOnEarth {
                point = Coordinate(lon: lon, lat: lat)
            } else {
                problems.all.append(PlainRefusal("open311.place_wrong"))
            }
        } else if form["address_string"].isEmpty, form["address_id"].isEmpty {
            problems.all.append(PlainRefusal("open311.place_missing"))
        }
        if form["description"].count > longestDescription {
            problems.all.append(PlainRefusal("open311.description_long", values: ["limit": "\(longestDescription)"]))
        }
        let own = form["id"]
        if own.utf8.count > 100 { problems.all.append(PlainRefusal("open311.id_long")) }
        guard problems.all.isEmpty else { throw problems }

        var new = NewReport(id: id(own, client, at: call.now), number: "", channel: "open311", queryCode: Taking.code())
        new.category = code
        new.words = form["description"]
        new.answers = answers
        new.point = point
        new.placeWords = form["address_string"].isEmpty ? (point == nil ? form["address_id"] : "") : form["address_string"]
        new.client = client.id
        new.sourceNumber = own.isEmpty ? nil : own
        new.language = call.language
        let name = [form["last_name"], form["first_name"]].filter { !$0.isEmpty }.joined(separator: " ")
        new.contact = [
            "name": name, "phone": form["phone"], "email": form["email"], "account": form["account_id"], "device": form["device_id"],
        ].filter { !$0.value.isEmpty }
        new.photos = (0..<min(6, form.files.filter { $0.bytes > 0 }.count)).map { Taking.photo(new.id, $0) }
        return new
    }

    /// The report's own id, if the client gave one, is the same report for ever, and nobody else's.
    private static func id(_ own: String, _ client: Client, at now: Instant) -> ReportID {
        guard !own.isEmpty else { return ReportID(at: now) }
        let seven = UUIDv7(own).flatMap { $0.high >> 12 & 0xF == 7 ? $0 : nil }
        return ReportID((seven ?? client.id.uuid).derived("open311 \(client.id) \(own.lowercased())"))
    }

    private static func keepPhotos(_ form: Form, _ report: NewReport, again: Bool, _ call: Call, _ client: Client) async throws {
        let house = call.house
        for (file, photo) in zip(form.files.filter { $0.bytes > 0 }, report.photos) {
            do {
                if file.tooLarge {
                    let act = Act(id: photo.uuid.derived("large"), at: call.now, actor: client.actor)
                    try await house.database.write { tx in try house.matters.photoRefused(photo, act: act, in: tx) }
                } else {
                    try await PhotoDoor(call: call).take(file.path, as: photo, actor: client.actor)
                }
            } catch is MatterRefusal where again {
                // The first sending had no such photo: the report stands as it was.
            }
        }
    }
}
