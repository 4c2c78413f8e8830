import Basics
import Catalog
import Foundation
import Insight
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Posts
import Store

/// What the auditor asks the journal for.
struct JournalAsk: Sendable {
    /// What he calls it → verbs, whole or by their first half.
    static let sorts: [(name: String, verbs: [String])] = [
        ("sign_ins", ["account.signed_in", "account.signed_out", "account.recovery_code_used"]),
        (
            "refusals", ["account.sign_in_refused", "account.code_refused", "account.locked", "access.refused", "access.enumerated"]
        ), ("looks", ["intake.looked", "access.exported"]), ("accounts", ["account.", "client.", "person."]),
        ("posts", ["post.", "holding.", "remit.", "unit.", "wall.", "pass."]), ("land", ["grid.", "land.", "record.", "link."]),
        ("acts", ["matter.", "intake."]),
    ]
    static let longest = 366

    let from: Day
    let to: Day
    let sort: String
    let person: Person?
    let words: String
    let post: PostID?

    init(_ call: Call, in tx: Transaction) throws {
        let today = call.now.day(in: call.house.zone)
        let last = min(Day(call.query("to")) ?? today, today + 1)
        let first = min(Day(call.query("from")) ?? last - 6, last)
        (from, to) = (max(first, last - Self.longest), last)
        sort = Self.sorts.contains { $0.name == call.query("sort") } ? call.query("sort") : ""
        words = String(call.query("who").prefix(60))
        if let id = PersonID(words) {
            person = try? call.house.posts.person(id, in: tx)
        } else {
            person = words.isEmpty ? nil : try call.house.posts.findPersons(words, limit: 1, in: tx).first
        }
        post = PostID(call.query("post"))
    }

    func filter(_ zone: TimeZone, before: JournalCursor? = nil) -> JournalFilter {
        // A name that nobody has finds nothing.
        let actor = words.isEmpty ? nil : person?.id.uuid ?? UUIDv7(high: 0x7000, low: 0x8000_0000_0000_0000)
        return JournalFilter(
            from: Instant(from, in: zone), to: Instant(to + 1, in: zone), actor: actor, post: post?.uuid,
            verbs: Self.sorts.first { $0.name == sort }?.verbs ?? [], before: before)
    }

    func query(_ changes: [String: String] = [:]) -> String {
        var all = ["from": from.description, "to": to.description, "sort": sort, "who": words, "post": post?.description ?? ""]
        all.merge(changes) { $1 }
        return "?" + URLEncoded.encoded(all.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
}

/// The journal for its auditor: who did what as which post, when and from where; no word of any matter and no personal value.
enum JournalPage {
    private static let rows = 100
    private static let mostInFile = 50_000

    static func show(_ call: Call) async throws -> Response {
        let known = await call.house.chain.state(at: call.now, in: call.house.database)
        return try await AdminRoom.page(call, "journal") { room, view in
            let ask = try JournalAsk(call, in: room.tx)
            let halves = call.query("before").split(separator: "-").compactMap { Int64($0) }
            let before = halves.count == 2 ? JournalCursor(turn: halves[0], seq: halves[1]) : nil
            let found = try room.tx.journal(ask.filter(room.house.zone, before: before), limit: rows + 1)
            let lines = try JournalLines(Array(found.prefix(rows)), room)
            view["atJournal"] = true
            view["from"] = ask.from.description
            view["to"] = ask.to.description
            view["who"] = ask.person?.name ?? ask.words
            view["sorts"] = room.options(
                [("", room.say("journal.sort.all"))] + JournalAsk.sorts.map { ($0.name, room.say("journal.sort.\($0.name)")) },
                selected: ask.sort)
            if let post = ask.post {
                view["onlyPost"] = ["id": post.description, "name": room.postName(post), "clear": ask.query(["post": ""])] as View
            }
            view["lines"] = lines.all.map { line in
                var row: View = ["at": line.at, "who": line.who, "did": line.did, "about": line.about, "detail": line.detail]
                if let person = line.person { row["whoHref"] = ask.query(["who": person.description]) }
                if let post = line.post { row["post"] = ["name": post.name, "href": ask.query(["post": post.id.description])] as View }
                return row
            }
            if found.isEmpty { view["none"] = true }
            if found.count > rows, let last = found.prefix(rows).last {
                view["older"] = ask.query(["before": "\(last.cursor.turn)-\(last.cursor.seq)"])
            }
            view["file"] = Paths.adminJournalFile + ask.query()
            if let known { view["chain"] = chainView(known.state, known.at, room) } else { view["walking"] = true }
            return room.say("journal.title")
        }
    }

    private static func chainView(_ chain: Chain.State, _ at: Instant, _ room: AdminRoom) -> View {
        var view: View = [
            "head": chain.head.text, "place": "\(chain.head.place)",
            "until": chain.sealedAt.map { room.times.moment($0) } ?? room.say("journal.chain.nothing"),
            "waiting": room.say("journal.chain.waiting", ["count": "\(chain.waiting)"]),
            "checked": room.say("journal.chain.checked", ["at": room.times.moment(at)]),
        ]
        if let broken = chain.broken {
            view["broken"] = room.say(
                "check.journal.\(broken.sort.rawValue)",
                ["place": "\(broken.place)", "entry": broken.entry?.description ?? room.say("check.journal.unknown")])
        } else {
            view["whole"] = true
        }
        return view
    }

    /// What is shown, to take along: the same lines, at most fifty thousand.
    static func csv(_ call: Call) async throws -> Response {
        let text = try await call.house.database.read { tx -> String in
            let room = try AdminRoom(call, in: tx)
            let ask = try JournalAsk(call, in: tx)
            let lines = try JournalLines(try tx.journal(ask.filter(room.house.zone), limit: mostInFile), room)
            let header = ["at", "who", "post", "did", "about", "detail", "entry"].map { call.say("journal.file.\($0)") }
            return CSVText.byteOrderMark + CSVText.line(header.map(SheetCell.text))
                + lines.all.map {
                    CSVText.line([$0.exact, $0.who, $0.post?.name ?? "", $0.did, $0.about, $0.detail, $0.id].map(SheetCell.text))
                }.joined()
        }
        await call.note("access.exported", ["what": "journal"])
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"journal.csv\"",
                .cacheControl: "no-store",
            ], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
